"""Time for machines and people. Decisions take the time as an argument; this is for stamps and for words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def stamp() -> datetime:
    """Now, for the line of a log."""
    return timezone.now()


def local(now: datetime) -> datetime:
    """The same moment as clocks here show it."""
    return now.astimezone(timezone.get_default_timezone())


def local_day(now: datetime) -> date:
    """The day it is here at that moment."""
    return local(now).date()


def moment(day: date, clock: time = time.min) -> datetime:
    """When clocks here show that time on that day; its beginning, where none is given."""
    return timezone.make_aware(datetime.combine(day, clock))


def in_words(length: timedelta) -> str:
    """A length of time as a person says it: 40 seconds, 3 minutes, 2 hours, 5 days."""
    seconds = max(0, int(length.total_seconds()))
    unit, size = next(((unit, size) for unit, size in UNITS if seconds >= size), UNITS[-1])
    count = seconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"
