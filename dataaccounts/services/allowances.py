"""What follows from usage: an account is capped or let go again, and its people are told, each once.

Every deed is one conditional update over many accounts, so that it may be done twice or by two at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from dataaccounts.models import NoticeSent
from dataaccounts.policies import allowances
from dataaccounts.selectors.allowances import Standing, standings
from dataaccounts.services import account_facts, session_orders, usage_notices
from dataaccounts.services.account_facts import Touched
from herotill.bulk import array_of_ids
from herotill.clock import local_day
from herotill.months import Month

AT_ONCE = 5000
USED_UP, RESTORED, BUNDLE_USED_UP = "Allowance used up", "Allowance again", "Prepaid bundle used up"

_CAP = """
UPDATE dataaccounts_dataaccount SET capped_at = %(now)s WHERE id = ANY (%(accounts)s) AND capped_at IS NULL
RETURNING id, customer_id, username
"""
_FREE = """
UPDATE dataaccounts_dataaccount SET capped_at = NULL WHERE id = ANY (%(accounts)s) AND capped_at IS NOT NULL
RETURNING id, customer_id, username
"""
_END_BUNDLE = """
UPDATE dataaccounts_dataaccount SET expires_at = %(now)s
WHERE id = ANY (%(accounts)s) AND prepaid AND (expires_at IS NULL OR expires_at > %(now)s)
RETURNING id, customer_id, username
"""
# Those that can be capped, let go, cut off or told: of what is unlimited nothing follows from usage.
_LIMITED = """
SELECT a.id FROM dataaccounts_dataaccount a JOIN dataaccounts_package p ON p.id = a.package_id
WHERE a.id = ANY (%s::bigint[]) AND (p.allowance IS NOT NULL OR a.prepaid OR a.capped_at IS NOT NULL)
ORDER BY a.id
"""
_OF_LAST_MONTH = """
SELECT id FROM dataaccounts_dataaccount
WHERE capped_at < (%(month)s::timestamp AT TIME ZONE %(zone)s) AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""


def judge(*, accounts: Collection[int], now: datetime) -> int:
    """Compare what these accounts used with what they may, and act on it; how many were capped or let go."""
    ids, changed = _limited(accounts), 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            changed += _judge(ids[start : start + AT_ONCE], now)
    return changed


def _limited(accounts: Collection[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_LIMITED, [array_of_ids(accounts)])
        return [account for (account,) in cursor.fetchall()]


def turn_month(*, now: datetime) -> int:
    """Judge who was capped before this month began; how many were let go or capped anew."""
    values: dict[str, Any] = {
        "month": Month.of(local_day(now)).first,
        "zone": settings.TIME_ZONE,
        "limit": AT_ONCE,
        "after": 0,
    }
    changed = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_OF_LAST_MONTH, values)
            ids = [account for (account,) in cursor.fetchall()]
        if not ids:
            return changed
        changed += judge(accounts=ids, now=now)
        values["after"] = ids[-1]


def _judge(ids: Sequence[int], now: datetime) -> int:
    found = standings(accounts=ids, day=local_day(now))
    monthly = [one for one in found if not one.prepaid]
    over = [one for one in monthly if one.used_up and not one.capped_at]
    limited = {one.account_id for one in monthly if one.used_up}
    changed = _cap(over, now) + _free([one for one in ids if one not in limited], now)
    changed += _end_bundles([one for one in found if one.prepaid and one.used_up], now)
    _tell(found, now)
    return changed


def _cap(over: Sequence[Standing], now: datetime) -> int:
    """Cap those over their allowance. Where the package lets them go on, only the mark is set."""
    capped = _update(_CAP, [one.account_id for one in over], now)
    going_on = {one.account_id for one in over if one.when_capped == "go_on"}
    felt = [one.id for one in capped if one.id not in going_on]
    session_orders.owe(account_ids=felt, why=USED_UP, actor=None, now=now)
    account_facts.tell("capped", capped, now)
    return len(capped)


def _free(ids: Sequence[int], now: datetime) -> int:
    """Let go who is capped and no longer over: topped up, another package, or another month."""
    freed = _update(_FREE, ids, now)
    session_orders.owe(account_ids=[one.id for one in freed], why=RESTORED, actor=None, now=now)
    account_facts.tell("uncapped", freed, now)
    return len(freed)


def _end_bundles(used_up: Sequence[Standing], now: datetime) -> int:
    """A prepaid account whose bundles are used up is not let in until there is another."""
    ended = _update(_END_BUNDLE, [one.account_id for one in used_up], now)
    session_orders.owe(account_ids=[one.id for one in ended], why=BUNDLE_USED_UP, actor=None, now=now)
    account_facts.tell("capped", ended, now)
    return len(ended)


def _update(statement: str, ids: Sequence[int], now: datetime) -> list[Touched]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, {"accounts": list(ids), "now": now})
        return [Touched(*row) for row in cursor.fetchall()]


def _tell(found: Sequence[Standing], now: datetime) -> None:
    """Note every threshold reached in this period; the highest of the new ones is told."""
    fresh = _noted([(one, percent) for one in found for percent in allowances.reached(one.used, one.level)])
    highest: dict[int, int] = {}
    for account, percent in fresh:
        highest[account] = max(percent, highest.get(account, 0))
    usage_notices.tell(
        [(one, highest[one.account_id]) for one in found if one.account_id in highest], now=now
    )


def _noted(pairs: Sequence[tuple[Standing, int]]) -> list[tuple[int, int]]:
    if not pairs:
        return []
    rows: dict[str, Any] = {
        "accounts": [one.account_id for one, _ in pairs],
        "periods": [_period(one) for one, _ in pairs],
        "percents": [percent for _, percent in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {NoticeSent._meta.db_table} (account_id, period, percent)
            SELECT * FROM unnest(%(accounts)s::bigint[], %(periods)s::date[], %(percents)s::smallint[])
            ORDER BY 1, 2, 3
            ON CONFLICT DO NOTHING RETURNING account_id, percent
            """,
            rows,
        )
        return cursor.fetchall()


def _period(one: Standing) -> date:
    """The month; of a prepaid account the day its oldest bundle began."""
    return one.since if one.prepaid else Month.of(one.since).first
