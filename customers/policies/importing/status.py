"""The words by which another system calls a customer's status (mapping, "Status")."""

from __future__ import annotations

_STATUS = {
    "active": "active",
    "a": "active",
    "open": "active",
    "aktief": "active",
    "suspended": "suspended",
    "susp": "suspended",
    "s": "suspended",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "closed": "cancelled",
    "c": "cancelled",
}
ASSUMED = "active"


def read_status(text: str) -> str | None:
    """Our status for `text`, "" for an empty cell, None for a word that we do not know."""
    return _STATUS.get(text.casefold()) if text else ""
