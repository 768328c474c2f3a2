"""What the network leaves behind goes after as many days or months as the network rules say."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from dataaccounts.models import NetworkRules
from dataaccounts.services import partitions

AT_ONCE = 20_000
LOGINS = """
DELETE FROM radpostauth WHERE id IN (SELECT id FROM radpostauth WHERE authdate < %s ORDER BY authdate LIMIT %s)
"""
# Of a session that is open the counters stay, however long it is silent.
COUNTERS = """
DELETE FROM dataaccounts_counter WHERE unique_id IN (
    SELECT c.unique_id FROM dataaccounts_counter c WHERE c.seen_at < %s AND NOT EXISTS (
        SELECT FROM radacct s WHERE s.acctuniqueid = c.unique_id AND s.acctstoptime IS NULL) LIMIT %s)
"""
TROUBLES = """
DELETE FROM dataaccounts_trouble WHERE (unique_id, kind) IN (
    SELECT unique_id, kind FROM dataaccounts_trouble WHERE noted_at < %s LIMIT %s)
"""


def forget(*, now: datetime) -> str:
    """Drop what is older than the rules keep; what went, in words. Reports not counted yet stay."""
    rules = NetworkRules.objects.get()
    parts = partitions.forget(
        partitions.ARCHIVE, before=now - relativedelta(months=rules.archive_kept_months)
    )
    parts += partitions.forget(partitions.HOURS, before=now - timedelta(days=rules.hours_kept_days))
    parts += partitions.forget(partitions.LOAD, before=now - timedelta(days=rules.hours_kept_days))
    if _all_counted(now - timedelta(days=rules.journal_kept_days)):
        parts += partitions.forget(partitions.JOURNAL, before=now - timedelta(days=rules.journal_kept_days))
    rows = _delete(LOGINS, now - timedelta(days=rules.logins_kept_days))
    rows += _delete(COUNTERS, now - timedelta(days=rules.counters_kept_days))
    rows += _delete(TROUBLES, now - timedelta(days=rules.counters_kept_days))
    return f"Dropped {parts} parts and {rows:,} rows."


def in_words() -> str:
    """How long each of it stays, for the page in Setup."""
    rules = NetworkRules.objects.get()
    return (
        f"{rules.archive_kept_months} months, {rules.logins_kept_days}, {rules.journal_kept_days} and"
        f" {rules.hours_kept_days} days"
    )


def _all_counted(before: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM dataaccounts_journal, dataaccounts_importcursor"
            " WHERE id > journal_id AND noted_at < %s)",
            [before],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _delete(statement: str, before: datetime) -> int:
    gone, last = 0, AT_ONCE
    while last == AT_ONCE:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [before, AT_ONCE])
            last = cursor.rowcount
        gone += last
    return gone
