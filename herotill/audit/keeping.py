"""Room for what comes, and the one way in which old events go."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

QUARTERS_AHEAD = 3


def prepare(now: datetime) -> str:
    """Make the tables of this quarter and the next three, so that no event lands in the spare one."""
    made = _call("SELECT house_audit_prepare(%s, %s)", [now, QUARTERS_AHEAD])
    return f"Made room for {made} quarters." if made else "There is room."


def forget(*, before: datetime) -> int:
    """Drop every quarter that ended by `before`, for ever, and say how many events went."""
    return _call("SELECT house_audit_forget(%s)", [before])


def _call(statement: str, parameters: list[datetime | int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
