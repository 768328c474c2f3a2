"""How many tickets come, how many are closed, and how many are open at the end of each stretch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dateutil.relativedelta import relativedelta

from herotill.figures import Days, asked

Step = Literal["day", "week", "month"]
LENGTH: dict[Step, relativedelta] = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
}
AS_DAYS, AS_WEEKS = 31, 190
# Merged tickets are counted as the one they went into. A ticket that was reopened counts as closed once, when it
# was closed for the last time.
COUNTED = """
WITH counted AS NOT MATERIALIZED (SELECT opened_at, closed_at, answered_at, answer_due_at, solve_due_at
    FROM helpdesk_ticket t WHERE merged_into_id IS NULL {only})
SELECT date_trunc(%(step)s, opened_at AT TIME ZONE %(here)s)::date AS day, count(*) AS opened, 0 AS closed,
    count(*) FILTER (WHERE coalesce(answered_at, closed_at, %(now)s) > answer_due_at) AS answered_late, 0 AS solved_late
FROM counted WHERE opened_at >= %(first)s AND opened_at < %(end)s GROUP BY 1
UNION ALL
SELECT date_trunc(%(step)s, closed_at AT TIME ZONE %(here)s)::date, 0, count(*), 0,
    count(*) FILTER (WHERE closed_at > solve_due_at)
FROM counted WHERE closed_at >= %(first)s AND closed_at < %(end)s GROUP BY 1
"""
# Going back from what is open now needs only what came and went since.
OPEN_AT_END = """
SELECT (SELECT count(*) FROM helpdesk_ticket t WHERE state <> 'closed' AND merged_into_id IS NULL {only})
    + (SELECT count(*) FROM helpdesk_ticket t
        WHERE state = 'closed' AND closed_at >= %(end)s AND merged_into_id IS NULL {only})
    - (SELECT count(*) FROM helpdesk_ticket t
        WHERE opened_at >= %(end)s AND merged_into_id IS NULL {only}) AS open
"""
OF_DEPARTMENT = "AND t.department_id = %(department)s"


@dataclass(slots=True)
class Stretch:
    """A day, week or month, from its first day. `open` is what is open at its end."""

    day: date
    opened: int = 0
    closed: int = 0
    answered_late: int = 0
    solved_late: int = 0
    open: int = 0


def step_of(days: Days) -> Step:
    """How finely so many days are told."""
    many = (days.last - days.first).days + 1
    return "day" if many <= AS_DAYS else "week" if many <= AS_WEEKS else "month"


def volumes(days: Days, *, now: datetime, department: int | None = None) -> list[Stretch]:
    """Every stretch of these days, oldest first; late answers count where the ticket was opened."""
    step = step_of(days)
    only = OF_DEPARTMENT if department else ""
    values = {
        **days.bounds,
        "step": step,
        "now": now,
        "here": str(days.bounds["first"].tzinfo),
        "department": department,
    }
    found = {day: Stretch(day) for day in _stretches(days, step)}
    for row in asked(COUNTED.format(only=only), values):
        _add(found[row.pop("day")], row)
    still = asked(OPEN_AT_END.format(only=only), values)[0]["open"]
    for stretch in reversed(found.values()):
        stretch.open = still
        still += stretch.closed - stretch.opened
    return list(found.values())


def _stretches(days: Days, step: Step) -> Iterator[date]:
    day = days.first
    if step == "week":
        day -= relativedelta(days=day.weekday())
    if step == "month":
        day = day.replace(day=1)
    while day <= days.last:
        yield day
        day += LENGTH[step]


def _add(stretch: Stretch, counts: dict[str, Any]) -> None:
    for name, count in counts.items():
        setattr(stretch, name, getattr(stretch, name) + count)


def total(found: list[Stretch]) -> Stretch:
    """All stretches together, with what is open at the end of the last."""
    return Stretch(
        found[0].day,
        sum(one.opened for one in found),
        sum(one.closed for one in found),
        sum(one.answered_late for one in found),
        sum(one.solved_late for one in found),
        found[-1].open,
    )
