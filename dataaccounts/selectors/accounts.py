"""What is read of a customer's data accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from customers.models import Customer
from dataaccounts import billed
from dataaccounts.models import AccountPrice, DataAccount, PackageChange, Session
from dataaccounts.policies import usernames
from dataaccounts.policies.words import terms
from herotill.reference.selectors.prices import prices

SHOWN = 100
PLANNED = Q(applied_at=None, withdrawn_at=None, refused="")
_MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Row:
    """An account as its card shows it; `price` a month is None where nothing is billed or nobody says what."""

    account: DataAccount
    price: Decimal | None
    changes: int
    planned: int
    up_since: datetime | None

    @property
    def has_own_price(self) -> bool:
        return self.price is not None and self.account.own is not None  # type: ignore[attr-defined]

    @property
    def terms(self) -> str:
        package = self.account.package
        return terms(package.down_kbit, package.up_kbit, package.allowance)

    @property
    def reduced(self) -> bool:
        """Whether it goes with its service once capped."""
        return self.account.capped_at is not None and self.account.package.when_capped != "go_on"

    @property
    def expired(self) -> bool:
        return bool(self.account.expired)  # type: ignore[attr-defined]


def own_price(day: date) -> Subquery:
    """An account's own price on a day; none where it never had one or went back to the list."""
    begun = AccountPrice.objects.filter(account=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    return Subquery(begun.values("amount")[:1], output_field=_MONEY)


def _counted(changes: QuerySet[PackageChange]) -> Coalesce:
    grouped = changes.order_by().values("account").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(grouped), 0)


def rows(*, customer: Customer, day: date, now: datetime) -> list[Row]:
    """A customer's accounts, the cancelled ones last, with what each costs a month: four queries."""
    kept = PackageChange.objects.filter(account=OuterRef("pk"), withdrawn_at=None, refused="")
    up = Session.objects.filter(username=OuterRef("username"), stopped_at=None).order_by("-started_at")
    found = DataAccount.objects.filter(customer=customer).annotate(
        own=own_price(day),
        changes_kept=_counted(kept),
        changes_planned=_counted(kept.filter(applied_at=None)),
        up_since=Subquery(up.values("started_at")[:1]),
        gone=_flag(Q(state=DataAccount.State.CANCELLED)),
        expired=_flag(Q(expires_at__lte=now)),
    )
    related = ("package__product", "package__once_capped", "address", "highsite", "sector")
    accounts = list(found.select_related(*related).order_by("gone", "username")[:SHOWN])
    listed = listed_prices(customer=customer, products=_products(accounts), day=day)
    return [_row(account, listed) for account in accounts]


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _products(accounts: Sequence[DataAccount]) -> set[int]:
    return {account.package.product_id for account in accounts if account.package.product_id}


def listed_prices(
    *, customer: Customer, products: Collection[int], day: date
) -> Mapping[int, Decimal | None]:
    """What these products cost a customer a month by their price list, or everybody's."""
    if not products:
        return {}
    own = billed.price_lists([customer.pk]).get(customer.pk)
    table = prices(products)
    return {product: table.on(product, own, day) for product in products}


def _row(account: Any, listed: Mapping[int, Decimal | None]) -> Row:
    billed_monthly = account.package.product_id and not account.prepaid
    price = listed.get(account.package.product_id) if account.own is None else account.own
    return Row(
        account,
        price if billed_monthly else None,
        account.changes_kept,
        account.changes_planned,
        account.up_since,
    )


def proposed_username(customer: Customer) -> str:
    """A user name to propose for a customer's next account, made of the code; nobody has it."""
    return proposed_usernames(customer, 1)[0]


def proposed_usernames(customer: Customer, count: int) -> list[str]:
    """User names to propose for a customer's next accounts."""
    stem = next(usernames.candidates(customer.code))
    taken = DataAccount.objects.filter(username__startswith=stem).values_list("username", flat=True)
    return usernames.propose(customer.code, set(taken), count)


def open_sessions(accounts: Collection[int]) -> dict[int, int]:
    """How many sessions of these accounts are up, for those with any."""
    names = dict(DataAccount.objects.filter(pk__in=accounts).values_list("username", "pk"))
    up = Session.objects.filter(stopped_at=None, username__in=list(names)).order_by()
    counted = up.values("username").annotate(count=Count("pk")).values_list("username", "count")
    return {names[username]: count for username, count in counted if username}


@dataclass(frozen=True, slots=True)
class Trouble:
    """News of an account for the head of the profile; `kind` is reduced, suspended or offline."""

    username: str
    kind: str
    since: datetime | None = None


def troubles(*, customer: Customer, now: datetime) -> list[Trouble]:
    """Accounts that are reduced, suspended, or active and not connected though they once were: one query."""
    sessions = Session.objects.filter(username=OuterRef("username"))
    last = sessions.filter(stopped_at__isnull=False).order_by("-started_at").values("stopped_at")[:1]
    states = [DataAccount.State.ACTIVE, DataAccount.State.SUSPENDED]
    found = DataAccount.objects.filter(customer=customer, state__in=states).annotate(
        up=Exists(sessions.filter(stopped_at=None)),
        last=Subquery(last),
        expired=_flag(Q(expires_at__lte=now)),
    )
    read = found.values_list(
        "username", "state", "state_since", "capped_at", "package__when_capped", "up", "last", "expired"
    )
    return [one for row in read.order_by("username")[:SHOWN] for one in _troubles(*row)]


def _troubles(
    username: str,
    state: str,
    since: datetime,
    capped_at: datetime | None,
    when_capped: str,
    up: bool,
    last: datetime | None,
    expired: bool,
) -> list[Trouble]:
    if state == DataAccount.State.SUSPENDED:
        return [Trouble(username, "suspended", since)]
    found = []
    if capped_at and when_capped != "go_on":
        found.append(Trouble(username, "reduced", capped_at))
    if not up and last and not expired:
        found.append(Trouble(username, "offline", last))
    return found


def changes(*, customer: Customer, limit: int = SHOWN) -> list[PackageChange]:
    """A customer's changes of package, those to come first, then the newest."""
    found = PackageChange.objects.filter(account__customer=customer)
    related = ("account", "from_package", "to_package", "asked_by", "withdrawn_by")
    ordered = found.annotate(open=_flag(PLANNED)).order_by("-open", "-takes_effect_on", "-pk")
    return list(ordered.select_related(*related)[:limit])


def usernames_of(customers: Sequence[int]) -> dict[int, list[str]]:
    """The user names of these customers' accounts that are not cancelled."""
    found = DataAccount.objects.filter(customer__in=customers).exclude(state=DataAccount.State.CANCELLED)
    names: dict[int, list[str]] = {}
    for customer, username in found.order_by("username").values_list("customer", "username"):
        names.setdefault(customer, []).append(username)
    return names
