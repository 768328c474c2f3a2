"""When a message may go: tries and quiet hours."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

BACK_OFF = tuple(timedelta(minutes=each) for each in (1, 5, 15, 30, 60, 120, 240))
"""How long to wait after each try. Together less than the 12 hours for which a gateway knows a reference."""

LEASE = timedelta(minutes=10)
"""Whoever took messages has lost them after so long, and what was being sent then has an unknown end."""

NOT_READY = timedelta(minutes=1)
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def next_try(now: datetime, attempts: int) -> datetime | None:
    """When to try again after so many tries, or None when that was the last."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def quiet_hours(text: str) -> tuple[time, time] | None:
    """`20:00-08:00` as its begin and end; nothing means none. Raises ValueError."""
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} are no hours such as 20:00-08:00.")
    first, last = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return None if first == last else (first, last)


def quiet_until(now: datetime, hours: tuple[time, time] | None, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours in which `now` falls, or None outside them."""
    if hours is None:
        return None
    local = now.astimezone(zone)
    begin, end = hours
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if clock >= end else local.date()
    return datetime.combine(day, end, tzinfo=zone)
