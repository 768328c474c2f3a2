"""Postal codes (mapping, "Postal Code")."""

from __future__ import annotations

import re

_UP_TO_FOUR = re.compile("[0-9]{1,4}")


def read_postal_code(text: str) -> tuple[str, str]:
    """The postal code and what is to be told: lost zeros come back, anything else is kept as it is."""
    if not text:
        return "", ""
    if not _UP_TO_FOUR.fullmatch(text):
        return text, "postal_code_invalid"
    return text.zfill(4), "" if len(text) == 4 else "zero_added"
