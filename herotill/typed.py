"""What stands in an address, or in what others send: text of which nothing is known yet."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

_NEVER_KEPT = re.compile("[\0\ud800-\udfff]")


def number(text: str | None) -> int | None:
    """A whole number, if it is one that the database holds: not above 18 digits, not with a sign. No row is number 0."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def place_in_time(text: str) -> datetime:
    """A moment that we wrote into an address, in UTC. Raises ValueError for any other, as with an offset that Python
    takes and the database does not."""
    found = datetime.fromisoformat(text)
    if found.utcoffset() != timedelta():
        raise ValueError(text)
    return found


def can_be_kept(text: str) -> bool:
    """Whether the database holds such a text: without NUL, and without half of a letter."""
    return _NEVER_KEPT.search(text) is None


def said(body: bytes | str) -> Any:
    """What a body of JSON says.

    Raises ValueError where it is none, where it is nested deeper than anybody means, and where a text or a
    number in it is one that the database never holds.
    """
    try:
        found = json.loads(body)
        again = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except RecursionError as error:
        raise ValueError("This is nested too deep.") from error
    if not can_be_kept(again) or r"\u0000" in again:
        raise ValueError("This holds a letter that cannot be kept.")
    return found
