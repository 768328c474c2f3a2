"""What is owed to sessions that are up: written with the change it follows from, carried out afterwards.

A session has at most one order that waits; a newer one takes its place, but what was to be cut stays so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from dataaccounts.models import SessionOrder
from herotill.errors import DomainError
from herotill.jobs import nudge

JOB = "session-orders"
LONGEST = 200
FAILED = (SessionOrder.State.REFUSED, SessionOrder.State.SILENT)

# Speed alone can change while a session is up. It is cut where its account would not be let in now, where its
# state has changed since it began (it holds what that state gave it), where its address or pool would be
# another, and where its make of router cannot change anything.
KIND = """
    CASE WHEN v.can_change_speed
          AND a.state = 'active' AND a.state_since <= s.acctstarttime
          AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
          AND NOT (a.capped_at IS NOT NULL AND p.when_capped = 'block')
          AND CASE WHEN a.static_ip IS NOT NULL THEN a.static_ip = s.framedipaddress ELSE NOT EXISTS (
              SELECT 1 FROM dataaccounts_servicespan sp
              JOIN dataaccounts_package was ON was.id = sp.package_id
              LEFT JOIN dataaccounts_package reduced ON reduced.id = was.once_capped_id
              WHERE sp.account_id = a.id
                AND coalesce(sp.ends_on, 'infinity') >= (s.acctstarttime AT TIME ZONE %(zone)s)::date
                AND (was.pool <> p.pool OR coalesce(reduced.pool, p.pool) <> p.pool)) END
         THEN 'change' ELSE 'disconnect' END
"""
OWE = """
    INSERT INTO dataaccounts_sessionorder AS o
        (account_id, unique_id, nas_id, kind, why, state, tries, due_at, answer, ordered_by_id, ordered_at)
    SELECT a.id, s.acctuniqueid, n.id, coalesce(%(kind)s, {kind}), %(why)s, 'owed', 0, %(now)s, '', %(actor)s, %(now)s
    FROM radacct s
    LEFT JOIN dataaccounts_dataaccount a ON a.username = s.username
    LEFT JOIN dataaccounts_package p ON p.id = a.package_id
    LEFT JOIN dataaccounts_nas n ON n.address = s.nasipaddress
    LEFT JOIN dataaccounts_vendortemplate v ON v.id = n.vendor_id
    WHERE s.acctstoptime IS NULL AND {which}
    ORDER BY s.acctuniqueid
    ON CONFLICT (unique_id) WHERE state = 'owed' DO UPDATE SET
        account_id = excluded.account_id, nas_id = excluded.nas_id, why = excluded.why,
        kind = CASE WHEN o.kind = 'disconnect' THEN o.kind ELSE excluded.kind END,
        tries = 0, due_at = excluded.due_at, answer = '',
        ordered_by_id = excluded.ordered_by_id, ordered_at = excluded.ordered_at
"""
OF_ACCOUNTS = "s.username IN (SELECT username FROM dataaccounts_dataaccount WHERE id = ANY (%(which)s))"
OF_SESSIONS = "s.acctuniqueid = ANY (%(which)s)"


def owe(*, account_ids: Collection[int], why: str, kind: str | None = None, actor: Any, now: datetime) -> int:
    """Owe every open session of these accounts what they are now; how many sessions that is.

    In the transaction of the change. Without `kind` it is worked out for each session: its speed is changed
    where that is all and its router can, otherwise it is cut.
    """
    return _owe(OF_ACCOUNTS, list(account_ids), why, kind, actor, now)


def cut(*, unique_ids: Collection[str], why: str, actor: Any, now: datetime) -> int:
    """Owe these sessions to be cut; how many of them are still up."""
    return _owe(OF_SESSIONS, list(unique_ids), why, SessionOrder.Kind.DISCONNECT, actor, now)


def _owe(which: str, whom: list[Any], why: str, kind: str | None, actor: Any, now: datetime) -> int:
    if not whom:
        return 0
    values = {
        "which": whom,
        "why": why[:LONGEST],
        "kind": kind,
        "actor": actor.pk if actor else None,
        "now": now,
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(OWE.format(kind=KIND, which=which), values)
        owed = cursor.rowcount
    if owed:
        nudge(JOB)
    return owed


def all_again(*, orders: Collection[SessionOrder], actor: Any, now: datetime) -> int:
    """Owe the sessions of orders that failed the same once more; how many of them are still up.

    One that was to be changed gets what its account is now.
    """
    owed = 0
    for kind in SessionOrder.Kind:
        for why in sorted({one.why for one in orders if one.kind == kind}):
            ids = [one.unique_id for one in orders if (one.kind, one.why) == (kind, why)]
            said = None if kind == SessionOrder.Kind.CHANGE else kind
            owed += _owe(OF_SESSIONS, ids, why, said, actor, now)
    return owed


def again(*, order: SessionOrder, actor: Any, now: datetime) -> None:
    """Owe an order's session the same once more. Raises DomainError unless it failed and its session is up."""
    if order.state not in FAILED:
        raise DomainError("Only what failed is tried again.")
    if not all_again(orders=[order], actor=actor, now=now):
        raise DomainError("That session has ended; nothing is owed to it.")
