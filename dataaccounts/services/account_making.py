"""Making data accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from customers.models import Address, Customer
from dataaccounts.models import AccountPrice, DataAccount, Package, Sector, ServiceSpan
from dataaccounts.policies import usernames
from dataaccounts.services import identity_checks, radius_secrets
from dataaccounts.services.account_facts import Touched, created, tell
from herotill.errors import DomainError
from herotill.reference.models import Highsite
from herotill.users.models import User

AT_ONCE = 2000
State = DataAccount.State
NO_EXPIRY = "A monthly account does not expire; switch it to prepaid."
HAS_EXPIRY = "A prepaid account lasts until a day; a bundle moves it."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account begins with. `price` is one of its own, which the customer agreed to by ordering.

    Without a `password` one is made. `ends_on`, `bill_from` are for accounts that come from elsewhere.
    """

    customer: Customer
    username: str
    package: Package
    starts_on: date
    prepaid: bool = False
    price: Decimal | None = None
    expires_at: datetime | None = None
    static_ip: str | None = None
    address: Address | None = None
    highsite: Highsite | None = None
    sector: Sector | None = None
    text: str = ""
    password: str | None = None
    ends_on: date | None = None
    bill_from: date | None = None


@transaction.atomic
def add(
    *, new: Sequence[NewAccount], actor: User | None, now: datetime, activate: bool = False
) -> list[DataAccount]:
    """Make accounts, each with a password of its own; waiting, or active at once where all checks are there.

    Raises DomainError for a name RADIUS does not accept or somebody has, and for a package no longer sold.
    """
    for one in new:
        _check(one)
    if activate:
        identity_checks.insist({one.customer.pk for one in new})
    made = [_account(one, State.ACTIVE if activate else State.WAITING, actor, now) for one in new]
    try:
        with transaction.atomic():
            DataAccount.objects.bulk_create(made, batch_size=AT_ONCE)
    except IntegrityError as no:
        raise in_words(no, new[0].username if len(new) == 1 else "One of the user names") from None
    pairs = list(zip(made, new, strict=True))
    ServiceSpan.objects.bulk_create([_span(*pair) for pair in pairs], batch_size=AT_ONCE)
    prices = [_price(account, one.price, actor) for account, one in pairs if one.price is not None]
    AccountPrice.objects.bulk_create(prices, batch_size=AT_ONCE)
    _give_passwords(pairs, actor)
    created([one.pk for one in made])
    if activate:
        tell("activated", [Touched(one.pk, one.customer_id, one.username) for one in made], now)
    return made


def _check(one: NewAccount) -> None:
    accepted(one.username)
    if one.package.retired:
        raise DomainError(f"{one.package} is no longer sold.", field="package")
    if one.expires_at and not one.prepaid:
        raise DomainError(NO_EXPIRY, field="expires_at")
    same_highsite(one.highsite, one.sector)


def accepted(username: str) -> None:
    """Raise DomainError for a user name that RADIUS does not accept."""
    if not usernames.accepted(username):
        raise DomainError(
            "RADIUS takes small letters, figures and . _ @ - only, up to 64; it begins and ends with a letter"
            " or figure.",
            field="username",
        )


def same_highsite(highsite: Highsite | None, sector: Sector | None) -> None:
    """Raise DomainError for a sector of another highsite."""
    if sector and highsite and sector.highsite_id != highsite.pk:
        raise DomainError(f"{sector} is no sector of {highsite}.", field="sector")


def _account(one: NewAccount, state: str, actor: User | None, now: datetime) -> DataAccount:
    return DataAccount(
        customer=one.customer,
        username=one.username,
        package=one.package,
        prepaid=one.prepaid,
        state=state,
        state_since=now,
        expires_at=one.expires_at or (now if one.prepaid else None),  # until its first bundle
        static_ip=one.static_ip,
        address=one.address,
        highsite=one.highsite or (one.sector.highsite if one.sector else None),
        sector=one.sector,
        text=one.text,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        created_by=actor,
    )


def _span(account: DataAccount, one: NewAccount) -> ServiceSpan:
    return ServiceSpan(
        account=account,
        package=one.package,
        prepaid=one.prepaid,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        bill_from=one.bill_from,
    )


def _price(account: DataAccount, amount: Decimal | None, actor: User | None) -> AccountPrice:
    return AccountPrice(
        account=account, starts_on=account.starts_on, amount=amount, agreed=True, set_by=actor
    )


def _give_passwords(pairs: Sequence[tuple[DataAccount, NewAccount]], actor: User | None) -> None:
    if len(pairs) == 1:
        account, one = pairs[0]
        radius_secrets.set_password(account_id=account.pk, password=one.password, actor=actor)
    else:
        radius_secrets.set_many(passwords={account.pk: one.password for account, one in pairs}, actor=actor)


def in_words(no: IntegrityError, name: str) -> DomainError:
    """What the database refused about an account called `name`, to be read to a person."""
    if "fixed_address_once" in str(no):
        return DomainError("Another account has that fixed IP address.", field="static_ip")
    if "data_account_username_once" not in str(no):
        raise no
    return DomainError(f"{name} is taken.", field="username")
