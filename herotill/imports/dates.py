"""Days as files write them: `2018-03-26`, `26/3/2018`, or the number of a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, timedelta

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")
_DAYS = re.compile("[0-9]{5}")
_DAY_ZERO = date(1899, 12, 30)


def read_date(text: str) -> tuple[date | None, str]:
    """The date that `text` means, and `bad_date` where it means none. Five digits count days."""
    if not text:
        return None, ""
    day = _date_in(text)
    return day, "" if day else "bad_date"


def _date_in(text: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _real(found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return _real(found[4], found[3], found[1])
    return _DAY_ZERO + timedelta(days=int(text)) if _DAYS.fullmatch(text) else None


def _real(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
