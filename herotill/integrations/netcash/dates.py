"""On which days Netcash collects, and until when it takes a file for a day. Moments are naive, in our time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TypedDict

from herotill import business_days
from herotill.integrations.netcash import SAME_DAY

SATURDAY, EVENING = 5, 22


class Rules(TypedDict):
    """Until when it takes files: so many business days before the action date, until this hour."""

    instruction: str
    lead_days: int
    cutoff_hour: int


def is_same_day(instruction: str) -> bool:
    """Netcash's pages write it in two ways."""
    return instruction.casefold() == SAME_DAY.casefold()


def collects_on(day: date, instruction: str) -> bool:
    """Dated debits: on business days. Same-day ones: on Saturdays too, but on no public holiday."""
    if is_same_day(instruction) and day.weekday() == SATURDAY:
        return not business_days.is_holiday(day)
    return business_days.is_business_day(day)


def deadline(day: date, *, instruction: str, lead_days: int, cutoff_hour: int) -> datetime:
    """Until when a file for this action date is taken and can be authorised."""
    if is_same_day(instruction):
        if day.weekday() == SATURDAY:
            return datetime.combine(business_days.before(day, 1), time(EVENING))
        return datetime.combine(day, time(cutoff_hour))
    return datetime.combine(business_days.before(day, lead_days), time(cutoff_hour))


def earliest(now: datetime, *, instruction: str, lead_days: int, cutoff_hour: int) -> date:
    """The first action date that a file handed in now still makes."""
    day = now.date()
    while not collects_on(day, instruction) or now > deadline(
        day, instruction=instruction, lead_days=lead_days, cutoff_hour=cutoff_hour
    ):
        day += timedelta(days=1)
    return day
