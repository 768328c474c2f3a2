"""Accounts whose time has run out: RADIUS refuses them by itself, their sessions are to be cut."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from dataaccounts.services import session_orders

EXPIRED = "The account has expired"
_STILL_UP = """
SELECT DISTINCT a.id FROM dataaccounts_dataaccount a
JOIN radacct s ON s.username = a.username AND s.acctstoptime IS NULL
WHERE a.expires_at <= %(now)s AND NOT EXISTS (
    SELECT 1 FROM dataaccounts_sessionorder o
    WHERE o.unique_id = s.acctuniqueid AND o.kind = 'disconnect' AND o.ordered_at >= a.expires_at)
"""


@transaction.atomic
def cut_expired(*, now: datetime) -> int:
    """Owe the sessions of accounts that have expired to be cut, once each; how many sessions that is."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_UP, {"now": now})
        ids = [account for (account,) in cursor.fetchall()]
    return session_orders.owe(account_ids=ids, why=EXPIRED, kind="disconnect", actor=None, now=now)
