"""Changes of package, and between prepaid and monthly: asked for with a day and a reason, applied on that day.

Applying works on many at once: the span that is billed ends and another begins, the account has the new
package, and sessions that are up are owed it. What a day missed is caught up with its own day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from dataaccounts.models import DataAccount, Package, PackageChange
from dataaccounts.services import allowances, session_orders
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.events import NewFact, record_many
from herotill.users.models import User

AT_ONCE = 1000
OPEN = Q(applied_at=None, withdrawn_at=None, refused="")


@dataclass(frozen=True, slots=True)
class Wish:
    """What accounts shall have from a day on. Without a package they keep theirs; `price` is one of their own."""

    day: date
    reason: str
    package: Package | None = None
    prepaid: bool | None = None
    price: Decimal | None = None
    keeps_price: bool = False


@transaction.atomic
def schedule(
    *, accounts: Collection[int], wish: Wish, actor: User | None, now: datetime
) -> list[PackageChange]:
    """Plan a change for these accounts; one for today is made at once. Returns the changes.

    Raises DomainError for a day that has gone by, a package no longer sold, accounts that are cancelled or
    end before, those that have it already, and a second change on one day.
    """
    today = local_day(now)
    if wish.day < today:
        raise DomainError("That day has gone by.", field="takes_effect_on")
    if wish.package and wish.package.retired:
        raise DomainError(f"{wish.package} is no longer sold.", field="package")
    held = DataAccount.objects.filter(pk__in=accounts).select_for_update(no_key=True).order_by("pk")
    planned = _planned([account.pk for account in held])
    made = [_change(account, planned.get(account.pk, []), wish, actor) for account in held]
    try:
        with transaction.atomic():
            PackageChange.objects.bulk_create(made, batch_size=AT_ONCE)
    except IntegrityError as no:
        if "one_package_change_a_day" not in str(no):
            raise
        raise DomainError(
            "A change is planned for that day already; withdraw it first.", field="takes_effect_on"
        ) from None
    if wish.day == today:
        _apply([account.pk for account in held], today, now)
    return made


def _planned(accounts: Sequence[int]) -> dict[int, list[PackageChange]]:
    found: dict[int, list[PackageChange]] = {}
    for change in PackageChange.objects.filter(OPEN, account__in=accounts).order_by("takes_effect_on"):
        found.setdefault(change.account_id, []).append(change)
    return found


def _change(
    account: DataAccount, planned: Sequence[PackageChange], wish: Wish, actor: User | None
) -> PackageChange:
    """The change of one account, from what it will have the day before."""
    if account.state == DataAccount.State.CANCELLED or (account.ends_on and account.ends_on < wish.day):
        raise DomainError(f"{account} ends before that day.", field="takes_effect_on")
    if wish.day < account.starts_on:
        raise DomainError(f"{account} begins on {account.starts_on}.", field="takes_effect_on")
    package, prepaid = account.package_id, account.prepaid
    for change in planned:
        if change.takes_effect_on < wish.day:
            package, prepaid = change.to_package_id, change.to_prepaid
    to_package = wish.package.pk if wish.package else package
    to_prepaid = prepaid if wish.prepaid is None else wish.prepaid
    if (to_package, to_prepaid) == (package, prepaid):
        raise DomainError(f"{account} will have that on {wish.day} already.", field="package")
    return PackageChange(
        account=account,
        from_package_id=package,
        to_package_id=to_package,
        from_prepaid=prepaid,
        to_prepaid=to_prepaid,
        takes_effect_on=wish.day,
        price=wish.price,
        keeps_price=wish.keeps_price and wish.price is None,
        reason=wish.reason.strip()[:200],
        asked_by=actor,
    )


@transaction.atomic
def withdraw(*, change: PackageChange, actor: User | None, now: datetime) -> None:
    """Take a planned change back. Raises DomainError where it was applied, refused or withdrawn meanwhile.

    One planned for after it that followed from it begins at what the account then has.
    """
    list(DataAccount.objects.filter(pk=change.account_id).select_for_update(no_key=True))
    open_one = PackageChange.objects.filter(OPEN, pk=change.pk)
    if not open_one.update(withdrawn_at=now, withdrawn_by=actor):
        raise DomainError("It has been applied or withdrawn meanwhile.")
    later = PackageChange.objects.filter(
        OPEN, account=change.account_id, takes_effect_on__gt=change.takes_effect_on
    ).order_by("takes_effect_on")
    if following := later.first():
        following.from_package_id = change.from_package_id
        following.from_prepaid = change.from_prepaid
        following.save(update_fields=["from_package", "from_prepaid"])


def apply_due(*, now: datetime) -> int:
    """Apply what is due up to today, days that were missed included, in the order of the days; how many.

    May be called twice, late, by two at once, and be killed anywhere.
    """
    today = local_day(now)
    due = PackageChange.objects.filter(OPEN, takes_effect_on__lte=today)
    done = 0
    while ids := list(due.order_by("account").values_list("account", flat=True).distinct()[:AT_ONCE]):
        with transaction.atomic():
            done += _apply(ids, today, now)
    return done


def _apply(accounts: Sequence[int], today: date, now: datetime) -> int:
    """Apply what is due at these accounts, one change of each at a time, in the caller's transaction."""
    done = 0
    locked = "SELECT id FROM dataaccounts_dataaccount WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(locked, [list(accounts)])
        while _pick(cursor, accounts, today):
            done += _carry_out(cursor, now)
    return done


# The next change of each account: what had ended or begun anew meanwhile is refused, with the reason.
_PICK = """
CREATE TEMP TABLE IF NOT EXISTS package_changes_now (
    id bigint, account_id bigint, package_id bigint, prepaid boolean, was_prepaid boolean, day date, price numeric,
    keeps_price boolean, actor bigint, refused text
) ON COMMIT DROP;
"""
_EMPTY = "TRUNCATE package_changes_now"
_NEXT = """
INSERT INTO package_changes_now
SELECT DISTINCT ON (c.account_id) c.id, c.account_id, c.to_package_id, c.to_prepaid, a.prepaid,
    greatest(c.takes_effect_on, n.starts_on), c.price, c.keeps_price, c.asked_by_id,
    CASE WHEN a.state = 'cancelled' OR a.ends_on < c.takes_effect_on THEN 'The account had ended.'
         WHEN n.starts_on IS NULL THEN 'The account has no package.' ELSE '' END
FROM dataaccounts_packagechange c JOIN dataaccounts_dataaccount a ON a.id = c.account_id
LEFT JOIN LATERAL (SELECT max(s.starts_on) AS starts_on FROM dataaccounts_servicespan s
    WHERE s.account_id = a.id) n ON true
WHERE c.account_id = ANY (%(accounts)s) AND c.takes_effect_on <= %(today)s
  AND c.applied_at IS NULL AND c.withdrawn_at IS NULL AND c.refused = ''
ORDER BY c.account_id, c.takes_effect_on, c.id
"""


def _pick(cursor: Any, accounts: Sequence[int], today: date) -> bool:
    cursor.execute(_PICK)
    cursor.execute(_EMPTY)
    cursor.execute(_NEXT, {"accounts": list(accounts), "today": today})
    return bool(cursor.rowcount)


# A span that begins on the very day has no day of its own yet and takes the new package; another one ends.
_STEPS = (
    """UPDATE dataaccounts_packagechange c SET refused = n.refused FROM package_changes_now n
    WHERE n.id = c.id AND n.refused <> ''""",
    "DELETE FROM package_changes_now WHERE refused <> ''",
    """UPDATE dataaccounts_servicespan s SET package_id = n.package_id, prepaid = n.prepaid
    FROM package_changes_now n WHERE s.account_id = n.account_id AND s.starts_on = n.day""",
    """UPDATE dataaccounts_servicespan s SET ends_on = n.day - 1 FROM package_changes_now n
    WHERE s.account_id = n.account_id AND s.starts_on < n.day AND (s.ends_on IS NULL OR s.ends_on >= n.day)""",
    """INSERT INTO dataaccounts_servicespan (account_id, package_id, prepaid, starts_on, ends_on)
    SELECT n.account_id, n.package_id, n.prepaid, n.day, a.ends_on
    FROM package_changes_now n JOIN dataaccounts_dataaccount a ON a.id = n.account_id
    WHERE NOT EXISTS (SELECT FROM dataaccounts_servicespan s WHERE s.account_id = n.account_id AND s.starts_on = n.day)
    ORDER BY n.account_id""",
    # A price of its own was agreed for the package before: it goes back to the list, or to what was agreed now.
    """INSERT INTO dataaccounts_accountprice (account_id, starts_on, amount, agreed, set_by_id)
    SELECT n.account_id, n.day, n.price, true, n.actor FROM package_changes_now n
    WHERE NOT n.keeps_price AND (n.price IS NOT NULL OR (SELECT p.amount FROM dataaccounts_accountprice p
        WHERE p.account_id = n.account_id AND p.starts_on <= n.day ORDER BY p.starts_on DESC LIMIT 1) IS NOT NULL)
    ON CONFLICT (account_id, starts_on) DO UPDATE
    SET amount = excluded.amount, agreed = true, set_by_id = excluded.set_by_id""",
    # Who turns prepaid is let in by a bundle only; a monthly account does not expire.
    """UPDATE dataaccounts_dataaccount a SET package_id = n.package_id, prepaid = n.prepaid,
        expires_at = CASE WHEN n.prepaid = n.was_prepaid THEN a.expires_at
            WHEN n.prepaid THEN n.day::timestamp AT TIME ZONE %(zone)s END
    FROM package_changes_now n WHERE a.id = n.account_id""",
    """UPDATE dataaccounts_packagechange c SET applied_at = %(now)s FROM package_changes_now n WHERE n.id = c.id""",
)
_DONE = """
SELECT n.id, n.account_id, a.customer_id, a.username, n.package_id, n.prepaid, n.day
FROM package_changes_now n JOIN dataaccounts_dataaccount a ON a.id = n.account_id ORDER BY n.account_id
"""


def _carry_out(cursor: Any, now: datetime) -> int:
    for step in _STEPS:
        cursor.execute(step, {"now": now, "zone": settings.TIME_ZONE})
    cursor.execute(_DONE)
    done = cursor.fetchall()
    accounts = [row[1] for row in done]
    session_orders.owe(account_ids=accounts, why="Package changed", actor=None, now=now)
    allowances.judge(accounts=accounts, now=now)
    record_many(_fact(*row) for row in done)
    return len(done)


def _fact(
    change: int, account: int, customer: int, username: str, package: int, prepaid: bool, day: date
) -> NewFact:
    return NewFact(
        kind="data-account.package-changed",
        key=f"data-account.package-changed-{change}",
        customer_id=customer,
        subject_kind="dataaccount",
        subject_id=account,
        data={
            "username": username,
            "package": package,
            "prepaid": prepaid,
            "day": str(day),
            "change": change,
        },
    )
