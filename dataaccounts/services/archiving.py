"""Sessions that were closed long ago go from radacct, which FreeRADIUS writes to, into the archive."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from dataaccounts.models import NetworkRules

AT_ONCE = 5000
MOVE = """
WITH old AS (
    SELECT radacctid FROM radacct WHERE acctstoptime < %s ORDER BY acctstoptime LIMIT %s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM radacct WHERE radacctid IN (SELECT radacctid FROM old) RETURNING *
)
INSERT INTO radacct_archive SELECT * FROM gone
"""


def archive(*, now: datetime, at_once: int = AT_ONCE) -> int:
    """Move them, some in each transaction, so that it may be killed anywhere; how many were moved."""
    days = NetworkRules.objects.values_list("archive_after_days", flat=True).get()
    bound, moved, last = now - timedelta(days=days), 0, at_once
    while last == at_once:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MOVE, [bound, at_once])
            last = cursor.rowcount
        moved += last
    return moved
