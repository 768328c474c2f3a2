"""What came of leads, by person, source or area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from herotill.figures import Days, asked
from herotill.money import ZERO
from workflow.selectors.figures.funnel import share

By = Literal["owner", "source", "area"]
NAMES: dict[By, tuple[str, str]] = {
    "owner": ("users_user", "coalesce(nullif(n.name, ''), n.username)"),
    "source": ("workflow_source", "n.name"),
    "area": ("workflow_area", "n.name"),
}
NOBODY: dict[By, str] = {"owner": "Nobody", "source": "Unknown", "area": "None"}
# Captured and what is sold count in the days in which that was; a lead that came back and was won again is one.
SOLD = """
WITH told AS (
    SELECT {by}_id AS who, count(*) AS captured, 0 AS won, 0 AS lost, 0 AS quotes,
        0::numeric AS once, 0::numeric AS monthly
    FROM workflow_lead WHERE created_at >= %(first)s AND created_at < %(end)s AND merged_into_id IS NULL
    GROUP BY 1
    UNION ALL
    SELECT l.{by}_id, 0, count(DISTINCT l.id) FILTER (WHERE m.to_step = 'won'),
        count(DISTINCT l.id) FILTER (WHERE m.to_step = 'lost' AND l.step_id = 'lost'), 0, 0, 0
    FROM workflow_move m JOIN workflow_lead l ON l.id = m.lead_id
    WHERE m.at >= %(first)s AND m.at < %(end)s AND m.to_step IN ('won', 'lost') AND l.merged_into_id IS NULL
    GROUP BY 1
    UNION ALL
    SELECT l.{by}_id, 0, 0, 0, count(*), sum(q.once_excl), sum(q.monthly_excl)
    FROM workflow_quote q JOIN workflow_lead l ON l.id = q.lead_id
    WHERE q.state = 'accepted' AND q.answered_at >= %(first)s AND q.answered_at < %(end)s
    GROUP BY 1
)
SELECT coalesce({name}, %(nobody)s) AS name, sum(captured)::int AS captured, sum(quotes)::int AS quotes,
    sum(won)::int AS won, sum(lost)::int AS lost, sum(once) AS once, sum(monthly) AS monthly
FROM told LEFT JOIN {table} n ON n.id = told.who GROUP BY told.who, 1 ORDER BY won DESC, captured DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Sold:
    """What came of one person's, source's or area's leads. Amounts are of accepted quotes, without VAT.

    `rate` is what was won of what was decided, won or lost, in per cent.
    """

    name: str
    captured: int
    quotes: int
    won: int
    lost: int
    once: Decimal
    monthly: Decimal
    rate: Decimal | None


def sold(days: Days, by: By) -> list[Sold]:
    """Who won most first."""
    table, name = NAMES[by]
    sql = SOLD.format(by=by, table=table, name=name)
    return [_sold(row) for row in asked(sql, {**days.bounds, "nobody": NOBODY[by]})]


def _sold(row: dict[str, Any]) -> Sold:
    return Sold(**row, rate=share(row["won"], row["won"] + row["lost"]))


def total(rows: list[Sold]) -> Sold:
    """All of them together."""
    won, lost = (sum(getattr(row, name) for row in rows) for name in ("won", "lost"))
    return Sold(
        "Total",
        sum(row.captured for row in rows),
        sum(row.quotes for row in rows),
        won,
        lost,
        sum((row.once for row in rows), ZERO),
        sum((row.monthly for row in rows), ZERO),
        share(won, won + lost),
    )
