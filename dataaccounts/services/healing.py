"""Sessions that a router lost: ended where they were last heard of, so that nobody is locked out by them.

No usage is lost by it: what was reported is counted already, and a session that is heard of again after all is
opened again by the database (radacct_reopen).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from dataaccounts.selectors.problems import INTERIM, MISSED, STALE

AT_ONCE = 5000
CAUSE = "Stale-Session"

CLOSE = f"""
UPDATE radacct SET acctstoptime = coalesce(acctupdatetime, acctstarttime), acctterminatecause = '{CAUSE}'
WHERE acctstoptime IS NULL AND radacctid = ANY (%s)
"""
STALE_ONES = f"SELECT s.radacctid {STALE} ORDER BY s.radacctid LIMIT %(size)s"
HEARD = "SELECT noted_at FROM dataaccounts_journal WHERE source_id = 0 ORDER BY id DESC LIMIT 1"


def heal(*, now: datetime, at_once: int = AT_ONCE) -> int:
    """End what was not heard of for three reports; how many. Not while RADIUS itself hears nobody."""
    healed, last = 0, at_once if _hears(now) else 0
    while last == at_once:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STALE_ONES, {"now": now, "interim": INTERIM, "missed": MISSED, "size": at_once})
            found = [row[0] for row in cursor.fetchall()]
            cursor.execute(CLOSE, [found])
        last = len(found)
        healed += last
    return healed


def close(*, unique_ids: Collection[str]) -> int:
    """End open sessions where they were last heard of, as a person asks; how many were open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT radacctid FROM radacct WHERE acctstoptime IS NULL AND acctuniqueid = ANY (%s) FOR UPDATE",
            [list(unique_ids)],
        )
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute(CLOSE, [found])
    return len(found)


def _hears(now: datetime) -> bool:
    """Whether anybody was heard of in the time after which a session counts as lost."""
    with connection.cursor() as cursor:
        cursor.execute(HEARD)
        row = cursor.fetchone()
    return row is not None and row[0] > now - timedelta(seconds=MISSED * INTERIM)
