"""What waits now: by list, and by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from herotill.figures import asked
from workflow.policies import ageing

WAITS = """
SELECT s.key, p.name AS phase, s.name, count(l.id) AS waiting,
    count(*) FILTER (WHERE l.step_since <= %(now)s - s.late_after * interval '1 day'
        AND l.step_since > %(now)s - s.overdue_after * interval '1 day') AS late,
    count(*) FILTER (WHERE l.step_since <= %(now)s - s.overdue_after * interval '1 day') AS overdue,
    min(l.step_since) AS since
FROM workflow_step s JOIN workflow_phase p ON p.key = s.phase_id LEFT JOIN workflow_lead l ON l.step_id = s.key
GROUP BY s.key, p.name, p.position, s.name, s.position ORDER BY p.position, s.position
"""
OWNED = """
SELECT coalesce(nullif(u.name, ''), u.username, 'Nobody') AS name, count(*) AS waiting,
    count(*) FILTER (WHERE l.step_since <= %(now)s - s.late_after * interval '1 day'
        AND l.step_since > %(now)s - s.overdue_after * interval '1 day') AS late,
    count(*) FILTER (WHERE l.step_since <= %(now)s - s.overdue_after * interval '1 day') AS overdue,
    count(*) FILTER (WHERE l.next_action_on <= %(today)s) AS due, min(l.step_since) AS since
FROM workflow_lead l JOIN workflow_step s ON s.key = l.step_id AND s.phase_id IS NOT NULL
LEFT JOIN users_user u ON u.id = l.owner_id GROUP BY l.owner_id, 1 ORDER BY overdue DESC, waiting DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a list or for a person, of them long and too long; `oldest` in days. `due` are next actions."""

    key: str
    phase: str
    name: str
    waiting: int
    late: int
    overdue: int
    oldest: int | None
    due: int = 0


def by_list(now: datetime) -> list[Waiting]:
    """Every list, in the order of Setup."""
    return _read(asked(WAITS, {"now": now}), now)


def by_person(now: datetime, today: Any) -> list[Waiting]:
    """Every person with open leads; who has most that wait too long first."""
    return _read(asked(OWNED, {"now": now, "today": today}), now)


def _read(rows: Sequence[dict[str, Any]], now: datetime) -> list[Waiting]:
    return [
        Waiting(
            row.get("key", ""),
            row.get("phase", ""),
            row["name"],
            row["waiting"],
            row["late"],
            row["overdue"],
            ageing.days(row["since"], now) if row["since"] else None,
            row.get("due", 0),
        )
        for row in rows
    ]
