"""A customer's services as the portal shows them: how each stands, since when, and what data is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from customers.models import Customer
from dataaccounts import restoring
from dataaccounts.models import DataAccount, PackageChange, PackageWish, Session, Topping
from dataaccounts.policies import service_states
from dataaccounts.restoring import Restored
from dataaccounts.selectors import own_calls
from dataaccounts.selectors.accounts import PLANNED
from dataaccounts.selectors.allowances import Standing, standings
from herotill.clock import local_day
from herotill.months import Month

State = DataAccount.State
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Service:
    """One account. `kind` is a word of `policies.service_states`; `standing` is None where data is unlimited."""

    account: DataAccount
    kind: str
    online_since: datetime | None
    seen: datetime | None
    standing: Standing | None
    restored: Restored | None

    @property
    def tone(self) -> str:
        return service_states.TONES.get(self.kind, "")

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done with it."""
        return self.account.state != State.CANCELLED


def services(
    *, customer: Customer, now: datetime, cancelled: bool = True, phone_in: Month | None = None
) -> list[Service]:
    """How all their services stand; two queries, and more only where one is suspended.

    With `phone_in` they bring along what voice lines called in that month, for `own_calls.used`.
    """
    hers = DataAccount.objects.filter(customer=customer)
    found = _read(own_calls.told_with(hers, customer=customer, month=phone_in) if phone_in else hers)
    if phone_in and found:
        own_calls.remember(found[0], customer=customer, month=phone_in)
    return _standing(customer, list(found if cancelled else found.exclude(state=State.CANCELLED)), now)


def service(*, customer: Customer, pk: int, now: datetime) -> Service | None:
    """One of their services; None for anything that is not theirs."""
    found = list(_read(DataAccount.objects.filter(customer=customer, pk=pk)))
    return _standing(customer, found, now)[0] if found else None


def _read(accounts: QuerySet[DataAccount]) -> QuerySet[DataAccount]:
    sessions = Session.objects.filter(username=OuterRef("username")).order_by("-started_at")
    up = sessions.filter(stopped_at=None).values("started_at")[:1]
    last = sessions.filter(stopped_at__isnull=False).values("stopped_at")[:1]
    found = accounts.annotate(online_since=Subquery(up), seen=Subquery(last))
    related = ("package__once_capped", "package__product", "address")
    ordered = found.annotate(gone=Q(state=State.CANCELLED)).order_by("gone", "username")
    return ordered.select_related(*related)[:SHOWN]


def _standing(customer: Customer, accounts: Sequence[Any], now: datetime) -> list[Service]:
    if not accounts:
        return []
    day = local_day(now)
    down = [one.pk for one in accounts if one.state == State.SUSPENDED]
    up = [one.pk for one in accounts if one.state in (State.WAITING, State.ACTIVE)]
    left = {one.account_id: one for one in standings(accounts=up, day=day)} if up else {}
    ways = restoring.ways(customer=customer.pk, accounts=down, day=day)
    return [
        Service(
            account=one,
            kind=_kind(one, now),
            online_since=one.online_since,
            seen=one.seen,
            standing=left.get(one.pk),
            restored=ways.get(one.pk),
        )
        for one in accounts
    ]


def _kind(account: Any, now: datetime) -> str:
    return service_states.state_of(
        state=account.state,
        expired=bool(account.expires_at and account.expires_at <= now),
        capped=account.capped_at is not None,
        when_capped=account.package.when_capped,
        online=account.online_since is not None,
        seen=account.seen,
    )


def account(*, customer: Customer, pk: int) -> DataAccount | None:
    """One of their accounts that is not cancelled; see `is_changing`."""
    planned = Exists(PackageChange.objects.filter(PLANNED, account=OuterRef("pk")))
    asked = Exists(PackageWish.objects.filter(account=OuterRef("pk"), state=PackageWish.State.WAITING))
    theirs = DataAccount.objects.filter(customer=customer, pk=pk).exclude(state=State.CANCELLED)
    found = theirs.annotate(changing=planned | asked)
    return found.select_related("package__product", "customer__master").first()


def is_changing(account: DataAccount) -> bool:
    """Whether a change is planned for an account that `account` found, or a package was asked for."""
    return bool(account.changing)  # type: ignore[attr-defined]


def added(*, account: DataAccount, now: datetime, limit: int = 20) -> list[Topping]:
    """What was added to its data and still counts, the newest first."""
    found = Topping.objects.filter(account=account, taken_back_at=None, ends_on__gte=local_day(now))
    return list(found.select_related("offer")[:limit])


def planned(account: DataAccount) -> list[PackageChange]:
    """Changes of its package that are to come, the next first."""
    found = PackageChange.objects.filter(PLANNED, account=account).select_related("to_package")
    return list(found.order_by("takes_effect_on"))


def last_wish(account: DataAccount) -> PackageWish | None:
    """The package they asked for last."""
    return PackageWish.objects.filter(account=account).select_related("to_package").order_by("-pk").first()
