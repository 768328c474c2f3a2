"""Rows that had no line or no rate, rated once there is one."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from dataaccounts.models import CallFile, VoiceCaller, VoiceSource
from dataaccounts.services.calls import rating
from dataaccounts.services.calls.taking_in import counted

_OPEN = """
INSERT INTO calls_to_rate (file_id, row, start, day, seconds, called, short, caller_id, cost)
SELECT file_id, row, start, (start AT TIME ZONE %(zone)s)::date, seconds, called, short, caller_id, cost
FROM dataaccounts_callrow
WHERE outcome IN ('unmatched', 'unrated') AND source_id = %(source)s
  AND (%(caller)s::bigint IS NULL OR caller_id = %(caller)s)
"""
_SETTLED = """
UPDATE dataaccounts_callrow r SET outcome = x.outcome FROM calls_rated x
WHERE x.file_id = r.file_id AND x.row = r.row AND x.outcome NOT IN (r.outcome, 'unmatched')
"""
_WHICH = "SELECT DISTINCT file_id FROM calls_rated WHERE outcome = 'billable' OR line_id IS NOT NULL"


@transaction.atomic
def settle(*, caller: VoiceCaller | None = None) -> int:
    """Rate what was unmatched or unrated, of one caller or of all; how many became calls to bill.

    May be called at any time: what still has no line or no rate stays where it is.
    """
    sources = VoiceSource.objects.select_for_update().order_by("pk")
    if caller is not None:
        sources = sources.filter(pk=caller.source_id)
    return sum(_settled(source, caller.pk if caller else None) for source in sources)


def _settled(source: VoiceSource, caller: int | None) -> int:
    rating.begin()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"zone": settings.TIME_ZONE, "source": source.pk, "caller": caller})
        if not cursor.rowcount:
            return 0
    rating.rate(source)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        cursor.execute(_WHICH)
        for file in CallFile.objects.filter(pk__in=[file for (file,) in cursor.fetchall()]):
            counted(file)
        cursor.execute("SELECT count(*) FROM calls_rated WHERE outcome = 'billable'")
        billable = int(cursor.fetchone()[0])
    rating.end()
    return billable
