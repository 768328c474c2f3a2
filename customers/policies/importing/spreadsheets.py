"""Long numbers that a spreadsheet shortened (rules 6 and 8)."""

from __future__ import annotations

import re

_SHORTENED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+")


def is_shortened(text: str) -> bool:
    """Whether `text` is a number like 2.7821E+10 that has lost its digits."""
    return _SHORTENED.fullmatch(text) is not None
