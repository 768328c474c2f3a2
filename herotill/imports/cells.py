"""Cleaning of cells, and cells that a spreadsheet wrote as formulas (rules 1 and 2)."""

from __future__ import annotations

import re

_LINE_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# Blanks, no-break ones too, tabs and whatever control characters a broken export left behind.
_BLANKS = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\xa0\u202f ]+")
# Most cells hold none of this and need no more than a look.
_UNTIDY = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\u202f]|  |^ | $")
_NOTHING = frozenset(("-", ".", "?", "n/a", "nil", "none", "null"))
_TEXT = re.compile('="([^"]*)"')
_LINK = re.compile(r'=HYPERLINK\("[^"]*"[,;]"([^"]*)"\)', re.IGNORECASE | re.ASCII)
_FORMULA_SIGNS = ("=", "+", "-", "@")


def clean(text: str, *, multiline: bool = False) -> str:
    """`text` with single blanks and trimmed ends, on one line unless `multiline`; "" where it says nothing."""
    if _UNTIDY.search(text):
        text = _LINE_BREAK.sub("\n" if multiline else " ", text)
        text = _BLANKS.sub(" ", text).strip(" \n")
    return "" if text.casefold() in _NOTHING else text


def read_cell(text: str, *, multiline: bool = False) -> tuple[str, bool]:
    """The cleaned text of a cell, and whether it stood in a formula. No formula is ever evaluated."""
    text = clean(text, multiline=multiline)
    if not text.startswith("="):
        return text, False
    found = _TEXT.fullmatch(text) or _LINK.fullmatch(text)
    return (clean(found[1], multiline=multiline), True) if found else (text, False)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take `text` for a formula."""
    return text.startswith(_FORMULA_SIGNS)
