"""Folded keys: one order and one way of comparing names everywhere.

The database function `house_fold` (migration house.0001) lowers case and takes accents off without
any extension or collation. `fold` here gives the same answer in Python; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db.models import CharField, Func, GeneratedField

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ŋ": "n",
}
_LETTERS |= {key.upper(): value for key, value in _LETTERS.items() if key not in "ßı"} | {"ẞ": "ss"}
_TRANSLATE = str.maketrans(_LETTERS)
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """`text` without accents and in lower case, as `house_fold` gives it."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_TRANSLATE)))
    return "".join(letter.lower() if letter.isascii() else letter for letter in plain)


class Fold(Func):
    """A text without accents and in lower case."""

    function = "house_fold"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        extra.setdefault("output_field", CharField())
        super().__init__(*expressions, **extra)


class Key(Fold):
    """The folded text cut at 200 letters, by which a name is sorted: an index takes no longer ones."""

    function = "house_key"


def name_key() -> GeneratedField:
    """The folded `name` of a row, by which it is sorted and found to exist already."""
    return GeneratedField(
        expression=Key("name"),
        output_field=CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
