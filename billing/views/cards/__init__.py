"""Screens of card payments: for those who pay, and for those who look after it."""
