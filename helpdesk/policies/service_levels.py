"""Times of service: when a department works, and when a ticket has to be answered and solved.

Minutes run while the department is open: in its hours on days that are no public holidays. A department without
hours, or a priority that runs around the clock, counts every minute. Days are local ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from herotill.clock import local_day, moment

DAY, NONE = timedelta(days=1), timedelta(0)
Holiday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a department works on weekdays (0 is Monday); `holiday` says on which days it does not."""

    weekdays: Mapping[int, tuple[time, time]]
    holiday: Holiday

    def span(self, day: date) -> tuple[datetime, datetime] | None:
        """When it opens and closes on this day; nothing where it stays closed."""
        found = self.weekdays.get(day.weekday())
        if found is None or self.holiday(day):
            return None
        return moment(day, found[0]), moment(day, found[1])

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there. A department without hours is always there."""
        if not self.weekdays:
            return True
        span = self.span(local_day(now))
        return span is not None and span[0] <= now < span[1]

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the working times from a moment on, one a day, without end."""
        day = local_day(since)
        while True:
            span = self.span(day)
            if span and span[1] > since:
                yield max(span[0], since), span[1]
            day += DAY


def add(hours: Hours | None, since: datetime, minutes: int) -> datetime:
    """The moment until which so many minutes of work pass; without hours every minute counts."""
    left = timedelta(minutes=minutes)
    if hours is None or not hours.weekdays:
        return since + left
    for opens, closes in hours.spans(since):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError  # there is always another day


def between(hours: Hours | None, since: datetime, until: datetime) -> timedelta:
    """How much working time lies between two moments; none where the second is not the later one."""
    if until <= since:
        return NONE
    if hours is None or not hours.weekdays:
        return until - since
    passed = NONE
    for opens, closes in hours.spans(since):
        if opens >= until:
            break
        passed += min(closes, until) - opens
    return passed


@dataclass(frozen=True, slots=True)
class Level:
    """What a priority promises, in minutes; nothing is promised where there are none."""

    answer: int | None
    solve: int | None
    around_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Where a ticket stands: since when it counts, for how many minutes the customer was waited for, what is due."""

    opened_at: datetime
    counts_from: datetime | None = None
    waits_since: datetime | None = None
    waited: int = 0
    answer_due: datetime | None = None
    solve_due: datetime | None = None


def reckon(times: Times, level: Level, hours: Hours, *, waits: bool, now: datetime) -> Times:
    """The times as they are now, where the ticket waits for the customer or does not.

    The first answer is due from the opening on, whatever happens. The time to solve counts from the opening or
    the last reopening; while the customer is waited for it stands still, and nothing is due.
    """
    clock = None if level.around_the_clock else hours
    waited = times.waited
    if times.waits_since and not waits:
        waited += int(between(clock, times.waits_since, now) / timedelta(minutes=1))
    begins = times.counts_from or times.opened_at
    return replace(
        times,
        waits_since=(times.waits_since or now) if waits else None,
        waited=waited,
        answer_due=None if level.answer is None else add(clock, times.opened_at, level.answer),
        solve_due=None if waits or level.solve is None else add(clock, begins, level.solve + waited),
    )


def anew(times: Times, now: datetime) -> Times:
    """A ticket that was reopened: its time to solve begins again."""
    return replace(times, counts_from=now, waits_since=None, waited=0)
