"""Importing packages, data accounts and old user names."""
