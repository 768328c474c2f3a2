"""Data accounts: activating, changing, suspending, restoring and cancelling them. One is a set of one.

What RADIUS answers follows from the rows; sessions that are up are owed what changed, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from dataaccounts.models import DataAccount, Session
from dataaccounts.services import identity_checks, session_orders
from dataaccounts.services.account_facts import Touched, changed, tell
from dataaccounts.services.account_making import (
    AT_ONCE,
    HAS_EXPIRY,
    NO_EXPIRY,
    NewAccount,
    State,
    accepted,
    add,
    in_words,
    same_highsite,
)
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User

__all__ = [
    "NewAccount",
    "activate",
    "add",
    "cancel",
    "change",
    "end_due",
    "keep",
    "put_back",
    "restore",
    "suspend",
]

_MOVE = """
WITH held AS (
    SELECT id FROM dataaccounts_dataaccount WHERE id = ANY (%(ids)s) AND state = ANY (%(was)s)
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE dataaccounts_dataaccount a SET state = %(state)s, state_since = %(now)s, state_reason = %(reason)s
FROM held WHERE a.id = held.id RETURNING a.id, a.customer_id, a.username
"""


def _move(
    ids: Collection[int], was: Sequence[str], state: str, *, reason: str, now: datetime
) -> list[Touched]:
    """Move those of these accounts that are in one of the states `was` to another."""
    values: dict[str, Any] = {"ids": list(ids), "was": list(was), "state": state, "now": now}
    values["reason"] = reason.strip()[:200]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        return [Touched(*row) for row in cursor.fetchall()]


# What nobody could use yet is not billed: service begins when the account does.
_BEGIN = (
    "UPDATE dataaccounts_dataaccount SET starts_on = %(day)s WHERE id = ANY (%(ids)s) AND starts_on < %(day)s",
    """DELETE FROM dataaccounts_servicespan s WHERE s.account_id = ANY (%(ids)s) AND s.ends_on < %(day)s
    AND EXISTS (SELECT FROM dataaccounts_servicespan n WHERE n.account_id = s.account_id AND n.starts_on > s.ends_on)""",
    """UPDATE dataaccounts_servicespan SET starts_on = %(day)s
    WHERE account_id = ANY (%(ids)s) AND starts_on < %(day)s""",
)


# Where a person says from which day they are used, that may lie before the day they were ordered for.
_BEGIN_ON = (
    """UPDATE dataaccounts_accountprice p SET starts_on = %(day)s FROM dataaccounts_dataaccount a
    WHERE a.id = p.account_id AND a.id = ANY (%(ids)s) AND p.starts_on = a.starts_on AND p.starts_on > %(day)s""",
    "UPDATE dataaccounts_dataaccount SET starts_on = %(day)s WHERE id = ANY (%(ids)s)",
    _BEGIN[1],
    """UPDATE dataaccounts_servicespan s SET starts_on = %(day)s WHERE s.account_id = ANY (%(ids)s)
    AND s.starts_on = (SELECT min(n.starts_on) FROM dataaccounts_servicespan n WHERE n.account_id = s.account_id)""",
)


@transaction.atomic
def activate(
    *, accounts: Collection[int], actor: User | None, now: datetime, begins_on: date | None = None
) -> list[Touched]:
    """Let waiting accounts in; billing begins today, or on their first day if that is still to come.

    With `begins_on` it begins on just that day. Raises DomainError where identity or address is not checked
    and the rules ask for it (rule 29).
    """
    waiting = DataAccount.objects.filter(pk__in=accounts, state=State.WAITING)
    identity_checks.insist(set(waiting.values_list("customer", flat=True)))
    touched = _move(accounts, [State.WAITING], State.ACTIVE, reason="", now=now)
    with connection.cursor() as cursor:
        for statement in _BEGIN_ON if begins_on else _BEGIN:
            cursor.execute(
                statement, {"ids": [one.id for one in touched], "day": begins_on or local_day(now)}
            )
    tell("activated", touched, now)
    return touched


@transaction.atomic
def put_back(*, accounts: Collection[int], reason: str, actor: User | None, now: datetime) -> list[Touched]:
    """Have those of these accounts that are active wait again, for what they were let in for came to nothing.

    Nothing of what waits is billed; their sessions are cut.
    """
    touched = _move(accounts, [State.ACTIVE], State.WAITING, reason=reason, now=now)
    _owe(touched, "Put back", actor, now)
    tell("suspended", touched, now, {"reason": reason})
    return touched


@transaction.atomic
def suspend(*, accounts: Collection[int], reason: str, actor: User | None, now: datetime) -> list[Touched]:
    """Suspend those of these accounts that are active. They go on being billed; their sessions are cut."""
    touched = _move(accounts, [State.ACTIVE], State.SUSPENDED, reason=reason, now=now)
    _owe(touched, "Suspended", actor, now)
    tell("suspended", touched, now, {"reason": reason})
    return touched


@transaction.atomic
def restore(*, accounts: Collection[int], reason: str, actor: User | None, now: datetime) -> list[Touched]:
    """Let suspended accounts in again."""
    touched = _move(accounts, [State.SUSPENDED], State.ACTIVE, reason=reason, now=now)
    _owe(touched, "Restored", actor, now)
    tell("restored", touched, now, {"reason": reason})
    return touched


def _owe(touched: Sequence[Touched], why: str, actor: User | None, now: datetime) -> None:
    session_orders.owe(account_ids=[one.id for one in touched], why=why, actor=actor, now=now)


@transaction.atomic
def change(
    *, account: DataAccount, values: Mapping[str, Any], actor: User | None, now: datetime
) -> DataAccount:
    """Change a user name, the place, fixed address, expiry or note of an account.

    A user name that had sessions stays, for its usage hangs on it. Sessions that are up are told where the
    address or expiry changed.
    """
    held = DataAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if held.state == State.CANCELLED:
        raise DomainError("It is cancelled.")
    if values.get("username", held.username) != held.username:
        _may_be_called(held, values["username"])
    for name, value in values.items():
        setattr(held, name, value)
    if held.expires_at and not held.prepaid:
        raise DomainError(NO_EXPIRY, field="expires_at")
    if held.prepaid and not held.expires_at:
        raise DomainError(HAS_EXPIRY, field="expires_at")
    same_highsite(held.highsite, held.sector)
    try:
        with transaction.atomic():
            held.save(update_fields=list(values))
    except IntegrityError as no:
        raise in_words(no, held.username) from None
    if "static_ip" in values or ("expires_at" in values and held.expires_at and held.expires_at <= now):
        session_orders.owe(account_ids=[held.pk], why="Changed", kind="disconnect", actor=actor, now=now)
    changed(held.pk, [name.removesuffix("_id") for name in values])
    return held


def _may_be_called(account: DataAccount, username: str) -> None:
    accepted(username)
    if Session.objects.filter(username=account.username).exists():
        raise DomainError("It has been used; cancel it and add another to change its name.", field="username")


# Newest span first, of accounts that are not cancelled yet.
_ENDING = """
SELECT a.id, a.username, a.state, (SELECT max(s.starts_on) FROM dataaccounts_servicespan s WHERE s.account_id = a.id)
FROM dataaccounts_dataaccount a WHERE a.id = ANY (%(ids)s) AND a.state <> 'cancelled' ORDER BY a.id
FOR NO KEY UPDATE OF a
"""
# A waiting account was never used, so nothing of it is billed.
_END = (
    "DELETE FROM dataaccounts_servicespan WHERE account_id = ANY (%(unused)s)",
    """UPDATE dataaccounts_servicespan s SET ends_on = %(day)s WHERE s.account_id = ANY (%(used)s)
    AND s.starts_on = (SELECT max(n.starts_on) FROM dataaccounts_servicespan n WHERE n.account_id = s.account_id)""",
    """UPDATE dataaccounts_dataaccount SET ends_on = greatest(starts_on, %(day)s), state_reason = %(reason)s
    WHERE id = ANY (%(used)s || %(unused)s)""",
    """UPDATE dataaccounts_packagechange SET withdrawn_at = %(now)s, withdrawn_by_id = %(actor)s
    WHERE account_id = ANY (%(used)s || %(unused)s) AND takes_effect_on > %(day)s
      AND applied_at IS NULL AND withdrawn_at IS NULL AND refused = ''""",
)


@transaction.atomic
def cancel(
    *, accounts: Collection[int], last_day: date, reason: str, actor: User | None, now: datetime
) -> list[Touched]:
    """End these accounts with a day: at once where it is today or past, else by itself (`end_due`).

    Billing ends with the last day; changes of package planned for later are withdrawn. Returns those that end.
    Raises DomainError for a day before an account's present package began.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENDING, {"ids": list(accounts)})
        found = cursor.fetchall()
        if not found:
            return []
        _refuse_before(found, last_day)
        values: dict[str, Any] = {
            "used": [pk for pk, _, state, _ in found if state != State.WAITING],
            "unused": [pk for pk, _, state, _ in found if state == State.WAITING],
            "day": last_day,
            "reason": reason.strip()[:200],
            "now": now,
            "actor": actor.pk if actor else None,
        }
        for statement in _END:
            cursor.execute(statement, values)
    at_once = [pk for pk, _, state, _ in found if last_day <= local_day(now) or state == State.WAITING]
    _cancelled(at_once, actor, now)
    return [Touched(*row) for row in _named([pk for pk, *_ in found])]


def _refuse_before(found: Sequence[tuple[int, str, str, date | None]], last_day: date) -> None:
    for _, username, state, begun in found:
        if state != State.WAITING and begun and last_day < begun:
            raise DomainError(
                f"The package that {username} has began on {begun}; the last day cannot lie before.",
                field="last_day",
            )


def _named(ids: Sequence[int]) -> list[tuple[int, int, str]]:
    found = DataAccount.objects.filter(pk__in=ids).order_by("pk")
    return list(found.values_list("pk", "customer_id", "username"))


_CANCEL = """
WITH held AS (
    SELECT id FROM dataaccounts_dataaccount WHERE id = ANY (%(ids)s) AND state <> 'cancelled'
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE dataaccounts_dataaccount a SET state = 'cancelled', state_since = %(now)s
FROM held WHERE a.id = held.id RETURNING a.id, a.customer_id, a.username, a.state_reason
"""


def _cancelled(ids: Sequence[int], actor: User | None, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, {"ids": list(ids), "now": now})
        touched = [Touched(*row[:3]) for row in cursor.fetchall()]
    _owe(touched, "Cancelled", actor, now)
    tell("cancelled", touched, now)
    return len(touched)


def end_due(*, now: datetime) -> int:
    """Cancel what had its last day before today; how many. May be called twice and late."""
    due = DataAccount.objects.filter(ends_on__lt=local_day(now)).exclude(state=State.CANCELLED)
    ended = 0
    while ids := list(due.order_by("ends_on", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            ended += _cancelled(ids, None, now)
    return ended


_KEEP = (
    """UPDATE dataaccounts_servicespan s SET ends_on = NULL FROM dataaccounts_dataaccount a
    WHERE a.id = s.account_id AND a.id = ANY (%(ids)s) AND s.ends_on = a.ends_on""",
    "UPDATE dataaccounts_dataaccount SET ends_on = NULL, state_reason = '' WHERE id = ANY (%(ids)s)",
)


@transaction.atomic
def keep(*, accounts: Collection[int], actor: User | None, now: datetime) -> int:
    """Withdraw cancellations whose last day has not gone by; how many."""
    open_ones = DataAccount.objects.filter(pk__in=accounts, ends_on__gte=local_day(now))
    open_ones = open_ones.exclude(state=State.CANCELLED).order_by("pk").select_for_update(no_key=True)
    ids = list(open_ones.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for statement in _KEEP:
            cursor.execute(statement, {"ids": ids})
    return len(ids)
