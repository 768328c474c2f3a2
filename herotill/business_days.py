"""Business days in South Africa: Monday to Friday, without public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)


@cache
def _free(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ZA", years=year))


def is_business_day(day: date) -> bool:
    """Whether business is done on this day."""
    return day.weekday() < 5 and day not in _free(day.year)


def before(day: date, count: int) -> date:
    """The day that lies `count` business days before `day`; business is done on it."""
    return _walk(day, count, -DAY)


def after(day: date, count: int) -> date:
    """The day that lies `count` business days after `day`; business is done on it."""
    return _walk(day, count, DAY)


def _walk(day: date, count: int, step: timedelta) -> date:
    while count > 0:
        day += step
        count -= is_business_day(day)
    return day
