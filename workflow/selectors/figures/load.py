"""How busy technicians are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from herotill.figures import Days, asked
from workflow.selectors.figures.funnel import share

LOAD = """
WITH work AS (
    SELECT technician_id, 'job' AS kind, state, starts_at, ends_at FROM workflow_jobcard
    WHERE technician_id IS NOT NULL AND starts_at >= %(first)s AND starts_at < %(end)s
        AND state IN ('scheduled', 'started', 'completed', 'failed')
    UNION ALL
    SELECT technician_id, 'survey', state, starts_at, ends_at FROM workflow_survey
    WHERE technician_id IS NOT NULL AND starts_at >= %(first)s AND starts_at < %(end)s
        AND state IN ('scheduled', 'done')
)
SELECT coalesce(nullif(u.name, ''), u.username) AS name,
    count(*) FILTER (WHERE w.kind = 'job') AS jobs, count(*) FILTER (WHERE w.kind = 'survey') AS surveys,
    count(*) FILTER (WHERE w.kind = 'job' AND w.state = 'completed') AS completed,
    count(*) FILTER (WHERE w.kind = 'job' AND w.state = 'failed') AS failed,
    count(*) FILTER (WHERE w.state IN ('scheduled', 'started') AND w.starts_at >= %(now)s) AS ahead,
    coalesce(sum(extract(epoch FROM w.ends_at - w.starts_at)), 0)::numeric AS seconds
FROM work w JOIN users_user u ON u.id = w.technician_id GROUP BY u.id, 1 ORDER BY seconds DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What one technician has on these days: how many jobs and surveys, what came of jobs, what is yet to come, the
    hours booked, and the jobs of those ended that were completed, in per cent."""

    name: str
    jobs: int
    surveys: int
    completed: int
    failed: int
    ahead: int
    hours: Decimal
    rate: Decimal | None


def load(days: Days, now: datetime) -> list[Load]:
    """Who has most hours first."""
    return [_load(row) for row in asked(LOAD, {**days.bounds, "now": now})]


def _load(row: dict[str, Any]) -> Load:
    seconds = row.pop("seconds")
    hours = (seconds / Decimal(3600)).quantize(Decimal("0.1"))
    return Load(**row, hours=hours, rate=share(row["completed"], row["completed"] + row["failed"]))
