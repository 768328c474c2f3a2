"""How long first answers and solutions take, by department, person, category, priority, highsite or source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from helpdesk.models import Ticket
from herotill.figures import Days, asked

By = Literal["department", "person", "category", "priority", "highsite", "origin"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What tickets are gathered by: the column, whose name it is, and what stands where there is none."""

    heading: str
    column: str
    names: str = ""
    name: str = "n.name"
    none: str = "None"


BY: dict[By, Grouping] = {
    "department": Grouping("Department", "t.department_id", "helpdesk_department"),
    "person": Grouping(
        "Person", "t.assignee_id", "users_user", "coalesce(nullif(n.name, ''), n.username)", "Nobody"
    ),
    "category": Grouping("Category", "t.category_id", "helpdesk_category"),
    "priority": Grouping("Priority", "t.priority_id", "helpdesk_priority"),
    "highsite": Grouping("Highsite", "c.highsite_id", "reference_highsite", none="No highsite"),
    "origin": Grouping("Source", "t.origin"),
}
# Opened and answered are told of tickets opened on these days, closed and solved of those closed on them. Times are
# those that passed, nights and weekends with them; on time is as the service level counts.
TIMES = """
WITH opened AS (
    SELECT {who} AS who, count(*) AS opened, count(answered_at) AS answered,
        extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_at - opened_at))::int AS answer_median,
        extract(epoch FROM avg(answered_at - opened_at))::int AS answer_mean,
        count(*) FILTER (WHERE answer_due_at IS NOT NULL
            AND (answered_at IS NOT NULL OR answer_due_at < coalesce(closed_at, %(now)s))) AS answers_due,
        count(*) FILTER (WHERE answered_at <= answer_due_at) AS answers_in_time
    FROM helpdesk_ticket t {join}
    WHERE t.opened_at >= %(first)s AND t.opened_at < %(end)s AND t.merged_into_id IS NULL {only} GROUP BY 1
), closed AS (
    SELECT {who} AS who, count(*) AS closed, sum(reopened)::int AS reopened,
        extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - opened_at))::int AS solve_median,
        extract(epoch FROM avg(closed_at - opened_at))::int AS solve_mean,
        count(solve_due_at) AS solves_due, count(*) FILTER (WHERE closed_at <= solve_due_at) AS solves_in_time
    FROM helpdesk_ticket t {join}
    WHERE t.closed_at >= %(first)s AND t.closed_at < %(end)s AND t.state = 'closed' AND t.merged_into_id IS NULL
        {only} GROUP BY 1
), waiting AS (
    SELECT {who} AS who, count(*) AS waiting, count(*) FILTER (WHERE solve_due_at < %(now)s) AS late
    FROM helpdesk_ticket t {join} WHERE t.state <> 'closed' {only} GROUP BY 1
), whose AS (SELECT who FROM opened UNION SELECT who FROM closed UNION SELECT who FROM waiting)
SELECT {name} AS name, coalesce(opened, 0) AS opened, coalesce(answered, 0) AS answered, answer_median, answer_mean,
    coalesce(answers_due, 0) AS answers_due, coalesce(answers_in_time, 0) AS answers_in_time,
    coalesce(closed, 0) AS closed, coalesce(reopened, 0) AS reopened, solve_median, solve_mean,
    coalesce(solves_due, 0) AS solves_due, coalesce(solves_in_time, 0) AS solves_in_time,
    coalesce(waiting, 0) AS waiting, coalesce(late, 0) AS late
FROM whose {named} LEFT JOIN opened o ON o.who IS NOT DISTINCT FROM whose.who
    LEFT JOIN closed s ON s.who IS NOT DISTINCT FROM whose.who
    LEFT JOIN waiting w ON w.who IS NOT DISTINCT FROM whose.who
ORDER BY opened DESC, closed DESC, 1
"""
OF_CUSTOMER = "LEFT JOIN customers_customer c ON c.id = t.customer_id"
OF_DEPARTMENT = "AND t.department_id = %(department)s"


@dataclass(frozen=True, slots=True)
class Times:
    """What one department, person … did. Medians and means are None where nothing was answered or closed.

    `answers_due` are the first answers whose time is known to be kept or missed; `waiting` is open now.
    """

    name: str
    opened: int
    answered: int
    answer_median: timedelta | None
    answer_mean: timedelta | None
    answers_due: int
    answers_in_time: int
    closed: int
    reopened: int
    solve_median: timedelta | None
    solve_mean: timedelta | None
    solves_due: int
    solves_in_time: int
    waiting: int
    late: int

    @property
    def answer_rate(self) -> Decimal | None:
        """First answers in time, in per cent of those that were due."""
        return _share(self.answers_in_time, self.answers_due)

    @property
    def solve_rate(self) -> Decimal | None:
        """Solved in time, in per cent of those that were due."""
        return _share(self.solves_in_time, self.solves_due)


LENGTHS = ("answer_median", "answer_mean", "solve_median", "solve_mean")


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1")) if whole else None


def is_grouping(asked_for: str) -> bool:
    return asked_for in get_args(By)


def times(days: Days, by: By, *, now: datetime, department: int | None = None) -> list[Times]:
    """The busiest first."""
    grouping = BY[by]
    sql = TIMES.format(
        who=grouping.column,
        name=f"coalesce({grouping.name}, %(none)s)" if grouping.names else "whose.who",
        named=f"LEFT JOIN {grouping.names} n ON n.id = whose.who" if grouping.names else "",
        join=OF_CUSTOMER if by == "highsite" else "",
        only=OF_DEPARTMENT if department else "",
    )
    values = {**days.bounds, "now": now, "none": grouping.none, "department": department}
    return [_times(row, by) for row in asked(sql, values)]


def _times(row: dict[str, Any], by: By) -> Times:
    for name in LENGTHS:
        row[name] = None if row[name] is None else timedelta(seconds=row[name])
    if by == "origin":
        row["name"] = Ticket.Origin(row["name"]).label
    return Times(**row)
