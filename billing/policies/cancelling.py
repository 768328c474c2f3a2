"""When a customer may leave, and until when they answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

ANSWER_DAYS = 14


def notice_ends(told_on: date, notices: Iterable[int]) -> date:
    """The first last day that gives each contract the days of notice it asks for."""
    return told_on + timedelta(days=max(notices, default=0))


def answer_by(approved_on: date, last_day: date) -> date:
    """The day up to which the customer may confirm: two weeks, at most the last day of service."""
    return max(approved_on, min(last_day, approved_on + timedelta(days=ANSWER_DAYS)))
