"""What customers think of us: averages by month, department, person and kind."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from helpdesk.models import Rating
from herotill.figures import Days, asked

By = Literal["month", "department", "person", "kind"]
HEADINGS: dict[By, str] = {
    "month": "Month",
    "department": "Department",
    "person": "Served by",
    "kind": "About",
}
WHO: dict[By, str] = {
    "month": "to_char(r.submitted_at AT TIME ZONE %(here)s, 'YYYY-MM')",
    "department": "coalesce(d.name, 'None')",
    "person": "coalesce(nullif(u.name, ''), u.username, 'Nobody')",
    "kind": "r.kind",
}
RATED = """
SELECT {who} AS name, count(*) AS given, round(avg(r.stars), 2) AS average,
    count(*) FILTER (WHERE r.stars = 1) AS one, count(*) FILTER (WHERE r.stars = 2) AS two,
    count(*) FILTER (WHERE r.stars = 3) AS three, count(*) FILTER (WHERE r.stars = 4) AS four,
    count(*) FILTER (WHERE r.stars = 5) AS five, count(r.comment) FILTER (WHERE r.comment <> '') AS comments,
    count(r.acknowledged_at) AS acknowledged, count(r.ticket_id) AS tickets
FROM helpdesk_rating r
    LEFT JOIN helpdesk_department d ON d.id = r.department_id
    LEFT JOIN users_user u ON u.id = r.about_id
WHERE r.submitted_at >= %(first)s AND r.submitted_at < %(end)s {only}
GROUP BY 1 ORDER BY {order}
"""


@dataclass(frozen=True, slots=True)
class Rated:
    """The ratings of one month, department, person or kind; `average` of 1 to 5."""

    name: str
    given: int
    average: Decimal
    one: int
    two: int
    three: int
    four: int
    five: int
    comments: int
    acknowledged: int
    tickets: int


def is_grouping(asked_for: str) -> bool:
    return asked_for in get_args(By)


def rated(days: Days, by: By, *, department: int | None = None) -> list[Rated]:
    """Months in their order, others with the most ratings first."""
    sql = RATED.format(
        who=WHO[by],
        only="AND r.department_id = %(department)s" if department else "",
        order="1" if by == "month" else "given DESC, 1",
    )
    here = str(days.bounds["first"].tzinfo)
    rows = asked(sql, {**days.bounds, "here": here, "department": department})
    return [_rated(row, by) for row in rows]


def _rated(row: dict[str, Any], by: By) -> Rated:
    if by == "kind":
        row["name"] = Rating.Kind(row["name"]).label
    return Rated(**row)
