"""What a case does to services, and the way back: exactly what it took down, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from billing.services.suspensions.family import members
from dataaccounts.services import accounts
from herotill.clock import local_day
from herotill.events import JOB as FACTS
from herotill.jobs import nudge
from herotill.users.models import User

REASON = "Suspended for what is overdue"
RESTORED = "The suspension was lifted"

_ACCOUNTS = """
SELECT a.id, f.case_id FROM unnest(%(cases)s::bigint[], %(members)s::bigint[]) f (case_id, customer_id)
JOIN dataaccounts_dataaccount a ON a.customer_id = f.customer_id AND a.state = 'active'
"""
# What a person restored while one case stood and another takes down now is that other's to bring back.
_NOTE_ACCOUNTS = """
INSERT INTO billing_takendown (case_id, account_id, down_at)
SELECT case_id, account_id, %(now)s FROM unnest(%(cases)s::bigint[], %(accounts)s::bigint[]) t (case_id, account_id)
ON CONFLICT (account_id) WHERE back_at IS NULL DO UPDATE SET case_id = excluded.case_id, down_at = excluded.down_at
"""
_CUSTOMERS = """
WITH family AS (
    SELECT * FROM unnest(%(cases)s::bigint[], %(members)s::bigint[]) f (case_id, customer_id)
), moved AS (
    UPDATE customers_customer c SET status = 'suspended' FROM family f
    WHERE c.id = f.customer_id AND c.status = 'active' RETURNING c.id
), noted AS (
    INSERT INTO billing_customerdown (case_id, customer_id, down_at)
    SELECT f.case_id, f.customer_id, %(now)s FROM family f JOIN moved ON moved.id = f.customer_id
    ON CONFLICT (customer_id) WHERE back_at IS NULL
    DO UPDATE SET case_id = excluded.case_id, down_at = excluded.down_at
)
INSERT INTO house_fact (kind, key, customer_id, subject_kind, subject_id, data)
SELECT 'customer.suspended', 'customer.suspended-' || case_id || '-' || customer_id || '-' || %(stamp)s, customer_id,
       'suspensioncase', case_id, '{}'
FROM family ON CONFLICT (key) DO NOTHING
"""
# An account that somebody has suspended since, or had suspended before, is left to them.
_DOWN = """
SELECT t.account_id FROM billing_takendown t JOIN dataaccounts_dataaccount a ON a.id = t.account_id
WHERE t.case_id = ANY (%(cases)s) AND t.back_at IS NULL AND a.state = 'suspended' AND a.state_since = t.down_at
ORDER BY t.account_id
"""
_BACK = (
    "UPDATE billing_takendown SET back_at = %(now)s WHERE case_id = ANY (%(cases)s) AND back_at IS NULL",
    """UPDATE customers_customer c SET status = 'active' FROM billing_customerdown d
    WHERE d.case_id = ANY (%(cases)s) AND d.back_at IS NULL AND c.id = d.customer_id AND c.status = 'suspended'""",
    """WITH back AS (
        UPDATE billing_customerdown SET back_at = %(now)s WHERE case_id = ANY (%(cases)s) AND back_at IS NULL
        RETURNING case_id, customer_id
    )
    INSERT INTO house_fact (kind, key, customer_id, subject_kind, subject_id, data)
    SELECT 'customer.restored', 'customer.restored-' || case_id || '-' || customer_id || '-' || %(stamp)s,
           customer_id, 'suspensioncase', case_id, '{}' FROM back ON CONFLICT (key) DO NOTHING""",
)
# What was suspended when a customer was taken over becomes the case's own once a person has decided.
_CLAIM = (
    """INSERT INTO billing_takendown (case_id, account_id, down_at)
    SELECT s.id, a.id, a.state_since FROM billing_suspensioncase s
    JOIN dataaccounts_dataaccount a ON a.customer_id = s.customer_id AND a.state = 'suspended'
    WHERE s.id = ANY (%(cases)s) ON CONFLICT (account_id) WHERE back_at IS NULL DO NOTHING""",
    """INSERT INTO billing_customerdown (case_id, customer_id, down_at)
    SELECT s.id, s.customer_id, %(now)s FROM billing_suspensioncase s
    JOIN customers_customer c ON c.id = s.customer_id AND c.status = 'suspended'
    WHERE s.id = ANY (%(cases)s) ON CONFLICT (customer_id) WHERE back_at IS NULL DO NOTHING""",
)


def take_down(cases: Mapping[int, int], *, now: datetime, actor: User | None) -> int:
    """Suspend every active data account of these customers (case by customer) and of those they pay for.

    Returns how many accounts. In the caller's transaction, which holds them all.
    """
    if not cases:
        return 0
    found = members(cases, local_day(now))
    whom = {"cases": [cases[payer] for payer, _ in found], "members": [one for _, one in found]}
    stamped: dict[str, Any] = {"now": now, "stamp": now.isoformat()}
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, whom)
        of = dict(cursor.fetchall())
        touched = [one.id for one in accounts.suspend(accounts=list(of), reason=REASON, actor=actor, now=now)]
        noted: dict[str, Any] = {"cases": [of[pk] for pk in touched], "accounts": touched, "now": now}
        cursor.execute(_NOTE_ACCOUNTS, noted)
        cursor.execute(_CUSTOMERS, whom | stamped)
    nudge(FACTS)
    return len(touched)


def bring_back(cases: Collection[int], *, now: datetime, actor: User | None) -> int:
    """Restore what these cases took down, as far as it is still as they left it; how many accounts."""
    if not cases:
        return 0
    values: dict[str, Any] = {"cases": list(cases), "now": now, "stamp": now.isoformat()}
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, values)
        down = [pk for (pk,) in cursor.fetchall()]
        if down:
            accounts.restore(accounts=down, reason=RESTORED, actor=actor, now=now)
        for statement in _BACK:
            cursor.execute(statement, values)
    nudge(FACTS)
    return len(down)


def claim(cases: Collection[int], *, now: datetime) -> None:
    """Make what is suspended of customers taken over the cases' own, so that they can bring it back."""
    with connection.cursor() as cursor:
        for statement in _CLAIM:
            cursor.execute(statement, {"cases": list(cases), "now": now})
