"""What programs outside may hear of voice lines. Nothing is written where nobody asks for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dataaccounts.models import VoiceLine
from herotill.bulk import array_of_ids
from herotill.events import record_asked

# Those that became so at this very moment, among the lines named; or among all.
_BECAME = """
SELECT id || '-' || state_since, customer_id, 'voiceline', id, jsonb_build_object('number', number)
FROM dataaccounts_voiceline WHERE state = %(state)s AND state_since = %(now)s
    AND (%(lines)s::bigint[] IS NULL OR id = ANY (%(lines)s::bigint[])) ORDER BY id
"""
_STATES = {
    "activated": VoiceLine.State.ACTIVE.value,
    "suspended": VoiceLine.State.SUSPENDED.value,
    "restored": VoiceLine.State.ACTIVE.value,
    "cancelled": VoiceLine.State.CANCELLED.value,
}


def tell(what: str, now: datetime, lines: Collection[int] | None = None) -> None:
    """Lines were activated, suspended, restored or cancelled `now`: those of these, or all that were."""
    record_asked(
        f"voice-line.{what}",
        _BECAME,
        lambda: {
            "state": _STATES[what],
            "now": now,
            "lines": None if lines is None else array_of_ids(lines),
        },
    )
