"""Writing the invented data accounts, the customers by the ten thousand, by COPY."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from customers.models import Address, Contact, Customer
from dataaccounts.demo.people import Account, Whose, invent
from dataaccounts.demo.secrets import password
from dataaccounts.demo.wonderland import MANUALS, make_manual_accounts
from dataaccounts.models import (
    AccountPrice,
    DataAccount,
    Device,
    IdentityCheck,
    Package,
    PackageChange,
    Sector,
    ServiceSpan,
    Topping,
    ToppingOffer,
    UsageNotice,
)
from dataaccounts.services import radius_secrets
from herotill.bulk import copy_rows
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.users.models import User

CHUNK = 10_000
FIXED = ip_address("198.18.0.0")
WHY = {"suspended": "Invoice overdue", "cancelled": "Moved away"}
REASONS = ("Wants more speed", "Wants to pay less", "Special offer", "Moved house")
DOCUMENTS = {"identity": ("ID card", "Green ID book", "Passport"), "address": ("Municipal account", "Lease")}
_WHOSE = (
    "pk code kind status prepaid customer_since company_name first_names surname highsite verified_on".split()
)


@dataclass(frozen=True, slots=True)
class Known:
    """What stands already that accounts refer to, by name."""

    packages: dict[str, int]
    offers: dict[str, ToppingOffer]
    sectors: dict[int, list[int]]
    staff: list[int | None]


@dataclass(frozen=True, slots=True)
class Made:
    """An account with its id and whose it is."""

    id: int
    whose: Whose
    account: Account


def make_accounts(order: DemoOrder) -> None:
    """Give most customers data accounts; what stands is left. After a kill it goes on where it was."""
    known = _known()
    make_manual_accounts(order)
    others = Customer.objects.exclude(code__in=MANUALS)
    newest = DataAccount.objects.filter(customer__in=others).order_by("-customer_id").first()
    done = newest.customer_id if newest else 0
    while rows := list(others.filter(pk__gt=done).order_by("pk").values_list(*_WHOSE)[:CHUNK]):
        with transaction.atomic():
            count = _write([Whose(*row) for row in rows], known, order)
        done = rows[-1][0]
        order.say(f"{count:,} data accounts up to customer {done:,}")


def _known() -> Known:
    sectors: dict[int, list[int]] = {}
    for sector, highsite in Sector.objects.order_by("pk").values_list("pk", "highsite"):
        sectors.setdefault(highsite, []).append(sector)
    staff = User.objects.filter(kind=User.Kind.STAFF, username__in=("sales", "support", "technician"))
    return Known(
        dict(Package.objects.values_list("name", "pk")),
        {offer.name: offer for offer in ToppingOffer.objects.all()},
        sectors,
        list(staff.order_by("pk").values_list("pk", flat=True)) or [None],
    )


def _write(customers: Sequence[Whose], known: Known, order: DemoOrder) -> int:
    pairs = [(whose, account) for whose in customers for account in invent(whose, order)]
    made = [Made(pk, *pair) for pk, pair in zip(_ids(len(pairs)), pairs, strict=True)]
    chance = random.Random(f"{order.seed}/written/{customers[0].code}")
    ids = [whose.id for whose in customers]
    homes = dict(Address.objects.filter(customer__in=ids, kind="physical").values_list("customer_id", "pk"))
    people = {
        customer: (email, phone)
        for customer, email, phone in Contact.objects.filter(customer__in=ids, is_primary=True).values_list(
            "customer_id", "email", "phone"
        )
    }
    copy_rows(DataAccount, _ACCOUNT, (_account(one, known, homes, chance) for one in made))
    copy_rows(ServiceSpan, _SPAN, _spans(made, known, order))
    copy_rows(AccountPrice, ["account", "starts_on", "amount", "agreed"], _prices(made))
    copy_rows(PackageChange, _CHANGE, _changes(made, known, order, chance))
    copy_rows(IdentityCheck, _CHECK, _checks(made, known, chance))
    copy_rows(Device, ["account", "mac", "state", "text", "last_seen_at"], _devices(made, order))
    copy_rows(UsageNotice, ["account", "email", "sms"], _notices(made, people, chance))
    copy_rows(Topping, _TOPPING, _toppings(made, known))
    _give_passwords(made, order)
    return len(made)


def _ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('dataaccounts_dataaccount', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]


_ACCOUNT = (
    "id customer username package prepaid state state_since state_reason expires_at static_ip address highsite"
    " sector starts_on ends_on created_by"
).split()


def _account(made: Made, known: Known, homes: dict[int, int], chance: random.Random) -> tuple[Any, ...]:
    one, whose = made.account, made.whose
    sectors = known.sectors.get(whose.highsite or 0)
    return (
        made.id,
        whose.id,
        one.username,
        known.packages[one.package],
        one.prepaid,
        one.state,
        _moment(one.since),
        WHY.get(one.state, ""),
        _moment(one.expires_on) if one.expires_on else None,
        str(FIXED + made.id) if one.static else None,
        homes.get(whose.id),
        whose.highsite,
        sectors[one.sector] if sectors else None,
        one.spans[0].starts_on,
        one.ends_on,
        chance.choice(known.staff),
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)


_SPAN = "account package prepaid starts_on ends_on bill_from".split()


def _spans(made: Sequence[Made], known: Known, order: DemoOrder) -> Iterator[tuple[Any, ...]]:
    history = Month.of(order.today).plus(-order.months).first
    for one in made:
        for span in one.account.spans:
            billed = max(span.starts_on, history)
            yield (
                one.id,
                known.packages[span.package],
                one.account.prepaid,
                span.starts_on,
                span.ends_on,
                billed,
            )


def _prices(made: Sequence[Made]) -> Iterator[tuple[Any, ...]]:
    for one in made:
        if one.account.own_price is not None and not one.account.prepaid:
            yield one.id, one.account.spans[0].starts_on, one.account.own_price, True


_CHANGE = (
    "account from_package to_package from_prepaid to_prepaid takes_effect_on reason asked_by asked_at applied_at"
).split()


def _changes(
    made: Sequence[Made], known: Known, order: DemoOrder, chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    coming = Month.of(order.today).next.first
    for one in made:
        spans = one.account.spans
        steps = [(a.package, b.package, b.starts_on, True) for a, b in pairwise(spans)]
        if one.account.planned:
            steps.append((spans[-1].package, one.account.planned, coming, False))
        for was, becomes, day, applied in steps:
            prepaid = one.account.prepaid
            asked = _moment(min(day, order.today) - timedelta(days=chance.randrange(1, 15)))
            packages = known.packages[was], known.packages[becomes]
            who = chance.choice(known.staff)
            done = _moment(day) if applied else None
            yield one.id, *packages, prepaid, prepaid, day, chance.choice(REASONS), who, asked, done


_CHECK = "customer kind document checked_on checked_by".split()


def _checks(made: Sequence[Made], known: Known, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Who is active was checked; of those who wait, some."""
    seen: set[int] = set()
    for one in made:
        if one.whose.id in seen or (one.account.state == "waiting" and chance.random() < 0.5):
            continue
        seen.add(one.whose.id)
        day = one.whose.verified_on or one.account.spans[0].starts_on
        who = chance.choice(known.staff)
        for kind, documents in DOCUMENTS.items():
            yield one.whose.id, kind, chance.choice(documents), day, who


def _devices(made: Sequence[Made], order: DemoOrder) -> Iterator[tuple[Any, ...]]:
    for one in made:
        if one.account.state != "waiting":
            seen = _moment(min(one.account.ends_on or order.today, order.today))
            yield one.id, one.account.mac, "authorised", "", seen


def _notices(
    made: Sequence[Made], people: dict[int, tuple[str, str]], chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    for one in made:
        if one.account.state == "active" and chance.random() < 0.3:
            yield one.id, *people.get(one.whose.id, ("", ""))


_TOPPING = "account offer octets used_before starts_on ends_on charge reason added_by added_at".split()


def _toppings(made: Sequence[Made], known: Known) -> Iterator[tuple[Any, ...]]:
    for one in made:
        for name, day, charge in one.account.toppings:
            offer = known.offers[name]
            ends = day + timedelta(days=offer.days) if offer.days else Month.of(day).last
            why = "Sorry for the outage" if charge == "free" else ""
            yield one.id, offer.pk, offer.octets or 0, 0, day, ends, charge, why, known.staff[0], _moment(day)


def _give_passwords(made: Sequence[Made], order: DemoOrder) -> None:
    """The same in every demo of a seed, for a simulated router; random anywhere else."""
    radius_secrets.set_many(
        passwords={one.id: password(order, one.account.username) for one in made}, actor=None
    )
