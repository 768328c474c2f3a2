"""Summing usage up by account and month, for reports."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from dataaccounts.services.partitions import DAYS
from herotill.clock import local_day
from herotill.months import Month

MOST_MONTHS = 120
# The month of each part that has days, and whether it was summed up before.
_PARTS = f"""
SELECT substr(c.relname, {len(DAYS.table) + 2}),
    EXISTS (SELECT FROM dataaccounts_usagemonth m
        WHERE m.month = to_date(substr(c.relname, {len(DAYS.table) + 2}), 'YYYYMM'))
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = '{DAYS.table}'::regclass AND c.relname ~ '_[0-9]{{6}}$' ORDER BY 1 DESC LIMIT {MOST_MONTHS}
"""
_SUM = """
INSERT INTO dataaccounts_usagemonth AS m (month, account_id, download, upload, counted_at)
SELECT %(first)s, account_id, sum(download)::bigint, sum(upload)::bigint, %(now)s
FROM dataaccounts_usageday WHERE day BETWEEN %(first)s AND %(last)s GROUP BY account_id ORDER BY account_id
ON CONFLICT (month, account_id) DO UPDATE
SET download = excluded.download, upload = excluded.upload, counted_at = excluded.counted_at
WHERE (m.download, m.upload) <> (excluded.download, excluded.upload)
"""


def count(*, now: datetime) -> int:
    """Sum up this month, the one before, which late reports still reach, and those never summed up.

    Each month is one transaction, and may be done twice. Returns how many rows were new or differ.
    """
    present = Month.of(local_day(now))
    return sum(_count(month, now) for month in _due(present))


def _due(present: Month) -> list[Month]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTS)
        parts = cursor.fetchall()
    months = [(Month(int(name[:4]), int(name[4:])), done) for name, done in parts]
    return sorted(
        month for month, done in months if month <= present and (not done or month >= present.plus(-1))
    )


def _count(month: Month, now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('usage months'))")
        cursor.execute(_SUM, {"first": month.first, "last": month.last, "now": now})
        return int(cursor.rowcount)
