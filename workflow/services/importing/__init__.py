"""Imports of the workflow: what would be done with each row, and doing it."""
