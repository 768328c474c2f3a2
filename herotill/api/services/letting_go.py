"""Facts that were written only because a program asked for them, let go when nobody is still to hear of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from herotill import events
from herotill.api.kinds import offers

KEPT = timedelta(days=92)
AT_ONCE = 10_000
# One that a delivery tells of stays as long: whose fact it is says whom to blank. The newest of all stays, too.
_GO = """
DELETE FROM house_fact WHERE id IN (
    SELECT f.id FROM house_fact f
    WHERE f.kind = %(kind)s AND f.position <= %(heard)s AND f.asked AND f.at < %(before)s
        AND f.position < (SELECT max(position) FROM house_fact)
        AND NOT EXISTS (SELECT FROM api_delivery d WHERE d.fact_id = f.id)
    ORDER BY f.position LIMIT %(many)s
)
"""


def forget(now: datetime) -> str:
    """Let go of them, kind by kind. May be killed anywhere and called again."""
    gone = sum(_of(offer.name, now - KEPT) for offer in offers)
    return f"{gone:,} facts forgotten." if gone else ""


def _of(kind: str, before: datetime) -> int:
    """How many of a kind went. `before` is when they happened."""
    asked: dict[str, Any] = {"kind": kind, "heard": events.heard(kind), "before": before, "many": AT_ONCE}
    gone = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_GO, asked)
            gone += cursor.rowcount
            if cursor.rowcount < AT_ONCE:
                return gone
