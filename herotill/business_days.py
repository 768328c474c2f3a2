"""Business days in South Africa: Monday to Friday, without public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("ZA", years=year)


@cache
def _free(year: int) -> frozenset[date]:
    return frozenset(_calendar(year))


def is_business_day(day: date) -> bool:
    """Whether business is done on this day."""
    return day.weekday() < 5 and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday, on whatever day of the week."""
    return day in _free(day.year)


def holiday_name(day: date) -> str:
    """What the public holiday is called, or nothing on other days."""
    name: str = _calendar(day.year).get(day, "")
    return name


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
