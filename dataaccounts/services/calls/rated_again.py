"""Rows that had no line or no rate, rated once there is one; calls of a line that is sold as something else."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection, transaction

from dataaccounts.models import CallFile, VoiceCaller, VoiceLine, VoiceSource
from dataaccounts.services.calls import bundles, rating
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
_OF_LINE = """
INSERT INTO calls_to_rate (file_id, row, start, day, seconds, called, short, caller_id, cost)
SELECT file_id, row, start, day, seconds, called, length(called) < 8, 0, cost
FROM dataaccounts_call WHERE line_id = %(line)s AND day >= %(first)s AND charge_id IS NULL
ORDER BY file_id, row FOR UPDATE
"""
_AGAIN = """
UPDATE dataaccounts_call c SET destination = x.destination, call_class = x.call_class, charged = x.charged, bundled = 0,
    free = x.free, fee = x.fee, rate = x.rate, price = x.price
FROM calls_rated x WHERE x.file_id = c.file_id AND x.row = c.row AND x.outcome = 'billable'
"""
_NO_RATE = (
    """
DELETE FROM dataaccounts_call c USING calls_rated x
WHERE x.file_id = c.file_id AND x.row = c.row AND x.outcome = 'unrated'
""",
    """
UPDATE dataaccounts_callrow r SET outcome = 'unrated' FROM calls_rated x
WHERE x.file_id = r.file_id AND x.row = r.row AND x.outcome = 'unrated'
""",
)
_WITHOUT = "SELECT DISTINCT file_id FROM calls_rated WHERE outcome = 'unrated'"
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


@transaction.atomic
def rate_line(*, line: VoiceLine, first: date) -> None:
    """Price the calls of a line from a day on that nobody charged by what it is sold as now. Sources are held.

    Their cost stays. Calls that the price list has no rate for wait for one.
    """
    rating.begin()
    with connection.cursor() as cursor:
        cursor.execute(_OF_LINE, {"line": line.pk, "first": first})
        if cursor.rowcount:
            rating.rate_of(line.pk)
            for statement in (_AGAIN, *_NO_RATE, _WITHOUT):
                cursor.execute(statement)
            for file in CallFile.objects.filter(pk__in=[file for (file,) in cursor.fetchall()]):
                counted(file)
    rating.end()
    bundles.give_from(first=first.replace(day=1), line=line.pk)
