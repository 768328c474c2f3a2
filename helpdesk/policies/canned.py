"""Canned answers: which fields their text may use, in braces, and how they are put in."""

from __future__ import annotations

from collections.abc import Mapping

from herotill.messages.policies import rendering

FIELDS = {
    "customer": "the customer's name",
    "code": "the customer's code",
    "ticket": "the ticket's number",
    "subject": "what the ticket is about",
    "department": "the department that answers",
    "me": "who answers",
    "us": "our name",
}
HELP = "Fields: " + ", ".join(f"{{{name}}} {means}" for name, means in FIELDS.items()) + "."


def trouble_with(text: str) -> str:
    """Why a text cannot be a canned answer, as a sentence; or nothing."""
    return rendering.trouble_with(text, FIELDS)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The answer with these values, each on one line; a value that looks like a field stays what it is."""
    return rendering.plain(text, values)
