"""How long a lead has waited, and whether that is long."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Age(StrEnum):
    """What the days say of a row; the words stand beside the colour."""

    FRESH = ""
    LATE = "late"
    OVERDUE = "too long"


TONES = {Age.FRESH: "", Age.LATE: "warn", Age.OVERDUE: "bad"}


def days(since: datetime, now: datetime) -> int:
    """Whole days between; none for what is yet to come."""
    return max((now - since).days, 0)


def age(waited: int, late_after: int, overdue_after: int, ends: bool = False) -> Age:
    """Whether so many days are long in a list that is late and overdue after so many; nothing is at the end."""
    if ends or not overdue_after:
        return Age.FRESH
    if waited >= overdue_after:
        return Age.OVERDUE
    return Age.LATE if waited >= late_after else Age.FRESH


def waited(number: int) -> str:
    """`today`, `1 day`, `12 days`."""
    return "today" if not number else f"{number} day{'' if number == 1 else 's'}"
