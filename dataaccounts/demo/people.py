"""Inventing a customer's data accounts, the same for the same customer from the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dataaccounts.demo.catalogue import PREPAID, STAFF
from herotill.demo import DemoOrder
from herotill.folding import fold
from herotill.months import Month

CAPPED = ("Home 10Mb/s 60GB", "Home 20Mb/s 200GB")
UNCAPPED = ("Home Uncapped 2Mb/s", "Home Uncapped 4Mb/s", "Home Uncapped 10Mb/s", "Home Uncapped 20Mb/s")
HOME = (*UNCAPPED, *CAPPED)
HOME_CHANCES = (18, 24, 20, 8, 18, 12)
FIRM = ("Business 10Mb/s", "Business 50Mb/s", "Home Uncapped 20Mb/s")
FIRM_CHANCES = (60, 15, 25)
LAST_MONTHS = 24  # in which packages were changed
SECONDS = ("cottage", "office", "guest")


class Whose(NamedTuple):
    """A customer as far as their accounts depend on it."""

    id: int
    code: str
    kind: str
    status: str
    prepaid: bool
    since: date | None
    company_name: str
    first_names: str
    surname: str
    highsite: int | None
    verified_on: date | None


@dataclass(slots=True)
class Span:
    """A package from a day to a day."""

    package: str
    starts_on: date
    ends_on: date | None


@dataclass(slots=True)
class Account:
    """An invented data account, before it has an id. `planned` is the package it has from next month on."""

    username: str
    state: str
    prepaid: bool
    spans: list[Span]
    ends_on: date | None
    since: date
    own_price: Decimal | None
    static: bool
    sector: int
    mac: str
    planned: str = ""
    expires_on: date | None = None
    toppings: list[tuple[str, date, str]] = field(default_factory=list)

    @property
    def package(self) -> str:
        return self.spans[-1].package


def invent(whose: Whose, order: DemoOrder) -> Iterator[Account]:
    """The accounts of one customer: none for some, one for most, up to three."""
    chance = random.Random(f"{order.seed}/data/{whose.code}")
    if chance.random() > 0.93:
        return
    for number in range(chance.choices((1, 2, 3), (77, 18, 5))[0]):
        yield _account(whose, order, chance, number)


def _account(whose: Whose, order: DemoOrder, chance: random.Random, number: int) -> Account:
    first = min(whose.since or order.today - timedelta(days=700), order.today)
    first = min(first + timedelta(days=chance.randrange(300)), order.today) if number else first
    state = _state(whose, order, chance, first, number)
    end = _end(order, chance, first) if state == "cancelled" else None
    prepaid = whose.prepaid and state in ("active", "suspended")
    spans = _spans(whose, order, chance, first, end, prepaid)
    made = Account(
        username=_username(whose, number),
        state=state,
        prepaid=prepaid,
        spans=spans,
        ends_on=end,
        since=end or max(first, order.today - timedelta(days=chance.randrange(1, 40))),
        own_price=Decimal(chance.randrange(250, 700)) if len(spans) == 1 and chance.random() < 0.05 else None,
        static=chance.random() < 0.03,
        sector=chance.randrange(3),
        mac="02:" + ":".join(f"{chance.randrange(256):02X}" for _ in range(5)),
        planned=_other(spans[-1].package, chance) if state == "active" and chance.random() < 0.02 else "",
    )
    _add_data(made, order, chance)
    return made


def _username(whose: Whose, number: int) -> str:
    """`thabo.nkosi7@isp.example`: the figures of the code tell namesakes apart."""
    names = (whose.company_name,) if whose.kind == "company" else (whose.first_names, whose.surname)
    local = ".".join(re.sub("[^a-z0-9]", "", fold(name)) for name in names).strip(".")[:36] or "line"
    digits = whose.code[3:].lstrip("0")
    extra = f".{SECONDS[number - 1]}" if number else ""
    return f"{local}{digits if digits != '1' else ''}{extra}@isp.example"


def _state(whose: Whose, order: DemoOrder, chance: random.Random, first: date, number: int) -> str:
    luck = chance.random()
    if whose.status == "cancelled" or (number and luck < 0.08):
        return "cancelled"
    if whose.status == "suspended" or luck > 0.988:
        return "suspended"
    return "waiting" if order.today - first < timedelta(days=20) and luck > 0.5 else "active"


def _end(order: DemoOrder, chance: random.Random, first: date) -> date:
    days = chance.randrange(10, 30 * max(order.months, 2))
    return max(first, order.today - timedelta(days=days))


def _spans(
    whose: Whose, order: DemoOrder, chance: random.Random, first: date, end: date | None, prepaid: bool
) -> list[Span]:
    package = _package(whose, chance, prepaid)
    spans = [Span(package, first, end)]
    changes = 0 if prepaid or package == STAFF else chance.choices((0, 1, 2), (84, 13, 3))[0]
    days = sorted({Month.of(order.today).plus(-chance.randrange(LAST_MONTHS)).first for _ in range(changes)})
    for day in days:
        if first + timedelta(days=40) < day <= (end or order.today):
            spans[-1].ends_on = day - timedelta(days=1)
            spans.append(Span(_other(spans[-1].package, chance), day, end))
    return spans


def _package(whose: Whose, chance: random.Random, prepaid: bool) -> str:
    if prepaid:
        return PREPAID
    if whose.kind == "company":
        return chance.choices(FIRM, FIRM_CHANCES)[0]
    return STAFF if chance.random() < 0.005 else chance.choices(HOME, HOME_CHANCES)[0]


def _other(package: str, chance: random.Random) -> str:
    choices = FIRM if package in FIRM[:2] else HOME
    return chance.choice([one for one in choices if one != package])


def _add_data(made: Account, order: DemoOrder, chance: random.Random) -> None:
    """Bundles for who is prepaid; toppings for some whose package has an allowance."""
    if made.prepaid:
        began = max(made.spans[0].starts_on, order.today - timedelta(days=chance.randrange(42)))
        offer = "Prepaid 30 days" if chance.random() < 0.8 else "Prepaid 20GB"
        made.toppings.append((offer, began, "paid"))
        made.expires_on = began + timedelta(days=30)
    elif made.state == "active" and made.package in CAPPED and chance.random() < 0.2:
        back = chance.choice((0, 0, 28, 61, 92))
        day = order.today - timedelta(days=back)
        if day > made.spans[-1].starts_on:
            offer = chance.choice(("Topping 10GB", "Topping 50GB"))
            made.toppings.append((offer, day, chance.choices(("next", "free"), (70, 30))[0]))
