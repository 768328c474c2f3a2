"""What stands in an address, or in what others send: text of which nothing is known yet."""

from __future__ import annotations


def number(text: str | None) -> int | None:
    """A whole number, if it is one that the database holds: not above 18 digits, not with a sign. No row is number 0."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
