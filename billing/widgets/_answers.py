"""Answers of a card's deed that say more than that it is done, as all cards give them."""

from customers.answers import told

__all__ = ["told"]
