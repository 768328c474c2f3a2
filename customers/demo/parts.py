"""Writing the invented customers, ten thousand at a time by COPY, and the manuals' own by the services."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from customers.demo.names import EQUIPMENT, TOWNS
from customers.demo.people import Invented, invent
from customers.demo.wonderland import make_manual_customers
from customers.models import (
    ALL_PURPOSES,
    Address,
    Asset,
    BillingGroup,
    Category,
    Contact,
    Customer,
    CustomerGroup,
    CustomerNote,
    Label,
    OpeningBalance,
    PortalLogin,
)
from customers.policies import codes
from herotill.bulk import copy_rows
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.reference.models import Highsite
from herotill.users.models import User
from herotill.users.services.demo import password_hash

CHUNK = 10_000

GROUPS = ("Others", "Staff", "High-site owners", "Golf Estate", "Rabbit Hill Estate", "Resellers")
RUNS = (("Netcash Run 1", 1), ("Netcash Run 15", 15), ("Netcash Run 25", 25))
CATEGORIES = ("VIP", "Non-profit", "School")
LABELS = (("Green", "green"), ("Legal", "red"), ("Fibre", "blue"), ("Watch", "orange"), ("New roof", "teal"))


def make_customers(order: DemoOrder) -> None:
    """Make the ISP's customers. What stands already is left; after a kill it goes on where it was."""
    lists = _lists(order)
    make_manual_customers(today=order.today, password=_password_hash())
    made = Customer.objects.count()
    for number in range(-(-order.customers // CHUNK)):
        upto = min((number + 1) * CHUNK, order.customers)
        if made >= upto:
            continue
        chance = random.Random(f"{order.seed}/{number}")
        with transaction.atomic():
            _write(_named(order, lists, chance, upto - made), order, lists, chance)
        made = upto
        order.say(f"{made:,} customers")


def _password_hash() -> str:
    """The demo's known password; outside DEMO nobody gets one."""
    return password_hash() if settings.DEMO else make_password(None)


def _lists(order: DemoOrder) -> dict[str, list[int]]:
    """The ids of groups, runs, categories, labels and highsites, made where they are missing."""
    towers = [f"Tower {town[0]} {n}" for n in range(1, 2 + order.customers // 8000) for town in TOWNS]
    return {
        "groups": [CustomerGroup.objects.get_or_create(name=name)[0].pk for name in GROUPS],
        "runs": [
            BillingGroup.objects.get_or_create(name=name, defaults={"run_day": day})[0].pk
            for name, day in RUNS
        ],
        "categories": [Category.objects.get_or_create(name=name)[0].pk for name in CATEGORIES],
        "labels": [
            Label.objects.get_or_create(name=name, defaults={"colour": c})[0].pk for name, c in LABELS
        ],
        "highsites": [Highsite.objects.get_or_create(name=name)[0].pk for name in towers],
    }


def _named(
    order: DemoOrder, lists: dict[str, list[int]], chance: random.Random, count: int
) -> list[tuple[int, str, Invented]]:
    """Invented customers with the ids and codes they will have."""
    people = invent(
        chance=chance,
        count=count,
        today=order.today,
        groups=len(lists["groups"]),
        highsites=len(lists["highsites"]),
    )
    last = _last_numbers()
    named = []
    for pk, one in zip(_ids(Customer, count), people, strict=True):
        last[one.letters] += 1
        named.append((pk, codes.numbered(one.letters, last[one.letters]), one))
    return named


def _last_numbers() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(code, 3), max(substr(code, 4)::int) FROM customers_customer"
            " WHERE code ~ '^[A-Z]{3}[0-9]{3,8}$' GROUP BY 1"
        )
        return defaultdict(int, cursor.fetchall())


def _ids(model: Any, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


Named = Sequence[tuple[int, str, Invented]]


def _write(named: Named, order: DemoOrder, lists: dict[str, list[int]], chance: random.Random) -> None:
    masters = [pk for pk, _, one in named if one.kind == "company"][:200]
    copy_rows(
        Customer, _CUSTOMER, (_customer_row(pk, code, one, lists, masters, chance) for pk, code, one in named)
    )
    copy_rows(Contact, _CONTACT, _contact_rows(named))
    copy_rows(Address, _ADDRESS, _address_rows(named, chance))
    _write_log_ins(named)
    _write_balances(named, order)
    _write_tags(named, lists)
    _write_notes(named, chance)
    copy_rows(Asset, _ASSET, _asset_rows(named))


_CUSTOMER = (
    "id code kind company_name first_names surname id_number registration_number vat_number group_id"
    " billing_group_id highsite_id status payment_method prepaid customer_since verified_on master_id"
).split()


def _customer_row(
    pk: int, code: str, one: Invented, lists: dict[str, list[int]], masters: list[int], chance: random.Random
) -> tuple[Any, ...]:
    sub = one.kind == "individual" and masters and chance.random() < 0.04
    return (
        pk,
        code,
        one.kind,
        one.company_name,
        one.first_names,
        one.surname,
        one.id_number,
        one.registration_number,
        one.vat_number,
        lists["groups"][one.group],
        lists["runs"][one.billing_group],
        lists["highsites"][one.highsite],
        one.status,
        one.payment_method,
        one.prepaid,
        one.since,
        one.since + timedelta(days=3) if one.verified else None,
        chance.choice(masters) if sub else None,
    )


_CONTACT = "customer_id name email phone purposes is_primary".split()


def _contact_rows(named: Named) -> Iterable[tuple[Any, ...]]:
    for pk, _, one in named:
        yield pk, one.contact, one.email, one.phone, ALL_PURPOSES, True
        if one.second:
            yield pk, one.second, f"tickets.{one.email}", "", ["tickets", "outages"], False


_ADDRESS = "customer_id kind label lines suburb town postal_code".split()


def _address_rows(named: Named, chance: random.Random) -> Iterable[tuple[Any, ...]]:
    for pk, _, one in named:
        town, code, _ = TOWNS[one.town]
        yield pk, "physical", "", one.street, one.suburb, town, code
        if chance.random() < 0.15:
            yield pk, "postal", "", f"PO Box {chance.randrange(1, 3000)}", "", town, code
        if chance.random() < 0.05:
            yield pk, "other", "Cottage", f"{one.street}, at the back", one.suburb, town, code


def _write_log_ins(named: Named) -> None:
    """One shared hash for all: a hash a customer would cost 0.2 s."""
    shared = _password_hash()
    users = _ids(User, len(named))
    copy_rows(
        User,
        ["id", "username", "kind", "name", "password", "is_superuser"],
        (
            (user, code, "portal", one.contact, shared, False)
            for user, (_, code, one) in zip(users, named, strict=True)
        ),
    )
    copy_rows(
        PortalLogin,
        ["customer_id", "user_id"],
        ((pk, user) for user, (pk, _, _) in zip(users, named, strict=True)),
    )


def _write_balances(named: Named, order: DemoOrder) -> None:
    """What was owed on the day before the history begins."""
    as_at = Month.of(order.today).plus(-order.months).first - timedelta(days=1)
    copy_rows(
        OpeningBalance,
        ["customer_id", "amount", "as_at", "source"],
        ((pk, one.balance, as_at, "Demo") for pk, _, one in named if one.balance),
    )


def _write_tags(named: Named, lists: dict[str, list[int]]) -> None:
    copy_rows(
        Customer.categories.through,
        ["customer_id", "category_id"],
        ((pk, lists["categories"][n]) for pk, _, one in named for n in one.categories),
    )
    copy_rows(
        Customer.labels.through,
        ["customer_id", "label_id"],
        ((pk, lists["labels"][n]) for pk, _, one in named for n in one.labels),
    )


def _write_notes(named: Named, chance: random.Random) -> None:
    authors: list[int | None] = list(
        User.objects.filter(kind=User.Kind.STAFF).order_by("pk").values_list("pk", flat=True)
    ) or [None]
    copy_rows(
        CustomerNote,
        ["customer_id", "text", "pops_up", "author_id", "created_at"],
        (
            (pk, text, pops_up, chance.choice(authors), _moment(one.since + timedelta(days=30 * n), chance))
            for pk, _, one in named
            for n, (text, pops_up) in enumerate(one.notes)
        ),
    )


def _moment(day: date, chance: random.Random) -> datetime:
    return datetime.combine(day, time(6 + chance.randrange(9), chance.randrange(60)), UTC)


_ASSET = "customer_id description model serial_number mac_address owner installed_on".split()


def _asset_rows(named: Named) -> Iterable[tuple[Any, ...]]:
    for pk, _, one in named:
        for kind, serial, mac in one.assets:
            description, model = EQUIPMENT[kind]
            yield pk, description, model, serial, mac, "isp" if kind else "customer", one.since
