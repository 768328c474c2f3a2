"""From which day collections count: business days and days of grace. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from herotill import business_days

DAY = timedelta(days=1)
BACK, AHEAD = 800, 75


def counted_from(action: date, grace: int) -> date:
    """The day from which days count after an action date: the business day it runs on, and so many more."""
    runs = action if business_days.is_business_day(action) else business_days.after(action, 1)
    return business_days.after(runs, grace)


@lru_cache(maxsize=64)
def calendar(day: date, grace: int) -> tuple[list[date], list[date]]:
    """The action dates that may matter on a day, and from when each counts."""
    dates = [day + number * DAY for number in range(-BACK, AHEAD)]
    return dates, [counted_from(one, grace) for one in dates]


def may_suspend(now: datetime, from_hour: int, until_hour: int) -> bool:
    """Whether a suspension may happen at this local moment: on a business day, within the hours."""
    return business_days.is_business_day(now.date()) and from_hour <= now.hour < until_hour


def next_moment(now: datetime, from_hour: int, until_hour: int) -> date:
    """The day on which suspending is next possible."""
    if business_days.is_business_day(now.date()) and now.hour < until_hour:
        return now.date()
    return business_days.after(now.date(), 1)
