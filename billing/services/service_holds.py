"""Holds take the service off for exactly their days: what was on goes off, and comes back when they are over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from billing.models import HeldAccount, TakenDown
from dataaccounts.services import accounts
from herotill.bulk import copy_rows
from herotill.clock import local_day

AT_ONCE = 2000
WHY = "On hold, as agreed"

# The hold that stops the billing of who is suspended for long is no hold of the service.
_OF_SERVICE = """{hold}.item_id IS NULL AND %(today)s BETWEEN {hold}.first AND {hold}.last
    AND NOT EXISTS (SELECT FROM billing_customerdown n WHERE n.hold_id = {hold}.id)"""
# What a person has let in again during the hold stays on.
_TO_TAKE = f"""
SELECT DISTINCT ON (a.id) h.id, a.id
FROM billing_hold h JOIN dataaccounts_dataaccount a ON a.customer_id = h.customer_id AND a.state = 'active'
WHERE {_OF_SERVICE.format(hold="h")}
  AND NOT EXISTS (SELECT FROM billing_heldaccount b WHERE b.account_id = a.id AND b.back_at IS NULL)
ORDER BY a.id, h.id LIMIT %(most)s
"""
_OVER = f"""
SELECT b.id FROM billing_heldaccount b JOIN billing_hold h ON h.id = b.hold_id
WHERE b.back_at IS NULL AND h.last < %(today)s
  AND NOT EXISTS (SELECT FROM billing_hold o WHERE o.customer_id = h.customer_id AND {_OF_SERVICE.format(hold="o")})
ORDER BY b.id LIMIT %(most)s FOR UPDATE OF b SKIP LOCKED
"""
# Only what is still as the hold left it; a person may have suspended it since for a reason of their own.
_TO_GIVE_BACK = """
SELECT a.id, a.state_since, d.case_id
FROM billing_heldaccount b JOIN dataaccounts_dataaccount a ON a.id = b.account_id
LEFT JOIN billing_customerdown d ON d.customer_id = a.customer_id AND d.back_at IS NULL
WHERE b.id = ANY (%(over)s) AND a.state = 'suspended' AND a.state_since = b.down_at
ORDER BY a.id
"""


def keep_to_days(now: datetime) -> str:
    """Take off what is held today, give back what is not any more; may be called twice, late, or be killed."""
    off = on = 0
    while count := _take_off(now):
        off += count
    while count := _give_back(now):
        on += count
    return f"{off} taken off, {on} given back." if off or on else ""


def _rows(question: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


@transaction.atomic
def _take_off(now: datetime) -> int:
    found = _rows(_TO_TAKE, today=local_day(now), most=AT_ONCE)
    held = {account: hold for hold, account in found}
    done = accounts.suspend(accounts=held, reason=WHY, actor=None, now=now)
    copy_rows(HeldAccount, ["hold", "account", "down_at"], ((held[one.id], one.id, now) for one in done))
    return len(done)


@transaction.atomic
def _give_back(now: datetime) -> int:
    """What a suspension would have taken down meanwhile stays off, and is that case's to bring back."""
    over = [pk for (pk,) in _rows(_OVER, today=local_day(now), most=AT_ONCE)]
    found = _rows(_TO_GIVE_BACK, over=over)
    HeldAccount.objects.filter(pk__in=over).update(back_at=now)
    for_cases = [
        TakenDown(account_id=pk, down_at=since, case_id=case) for pk, since, case in found if case is not None
    ]
    TakenDown.objects.bulk_create(for_cases, ignore_conflicts=True)
    free = [pk for pk, _, case in found if case is None]
    accounts.restore(accounts=free, reason="The hold is over", actor=None, now=now)
    return len(over)
