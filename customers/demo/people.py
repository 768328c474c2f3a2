"""Inventing one customer after another, the same from the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from stdnum import luhn

from customers.demo.names import EQUIPMENT, FIRST_NAMES, NOTES, STREETS, SURNAMES, TOWNS, TRADES
from customers.policies import codes
from herotill.folding import fold


@dataclass(slots=True)
class Invented:
    """One invented customer, with everything that hangs on it, before it has an id or a code."""

    kind: str
    company_name: str
    first_names: str
    surname: str
    contact: str
    email: str
    phone: str
    id_number: str
    registration_number: str
    vat_number: str
    group: int
    billing_group: int
    highsite: int
    status: str
    payment_method: str
    prepaid: bool
    since: date
    verified: bool
    town: int
    suburb: str
    street: str
    balance: Decimal
    categories: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    second: str = ""
    notes: list[tuple[str, bool]] = field(default_factory=list)
    assets: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def letters(self) -> str:
        if self.kind == "company":
            return codes.company_letters(self.company_name)
        return codes.individual_letters(self.first_names, self.surname)


def invent(
    *, chance: random.Random, count: int, today: date, groups: int, highsites: int
) -> Iterator[Invented]:
    """`count` customers, drawn from `chance` alone."""
    for _ in range(count):
        first, last = chance.choice(FIRST_NAMES), chance.choice(SURNAMES)
        company = chance.random() < 0.15
        name = f"{last} {chance.choice(TRADES)}" if company else ""
        since = today - timedelta(days=int(chance.triangular(10, 3600, 400)))
        town = chance.randrange(len(TOWNS))
        yield Invented(
            kind="company" if company else "individual",
            company_name=name,
            first_names="" if company else first,
            surname="" if company else last,
            contact=f"{first} {last}",
            email=_email(chance, first, last),
            phone=_phone(chance),
            id_number="" if company else _id_number(chance, today),
            registration_number=f"{since.year}/{chance.randrange(100000, 999999)}/07" if company else "",
            vat_number=_vat_number(chance) if company and chance.random() < 0.7 else "",
            group=0 if chance.random() < 0.8 else chance.randrange(groups),
            billing_group=chance.randrange(3),
            highsite=chance.randrange(highsites),
            status=chance.choices(("active", "suspended", "cancelled"), (90, 4, 6))[0],
            payment_method=chance.choices(
                ("debit_order", "eft", "credit_card", "cash", ""), (55, 30, 8, 5, 2)
            )[0],
            prepaid=chance.random() < 0.05,
            since=since,
            verified=chance.random() < 0.8,
            town=town,
            suburb=chance.choice(TOWNS[town][2]),
            street=f"{chance.randrange(1, 190)} {chance.choice(STREETS)} Street",
            balance=_balance(chance),
            categories=[0] if chance.random() < 0.03 else [],
            labels=[chance.randrange(5)] if chance.random() < 0.12 else [],
            second=f"{chance.choice(FIRST_NAMES)} {last}" if chance.random() < 0.2 else "",
            notes=[_note(chance, last) for _ in range(chance.choices((0, 1, 3), (70, 22, 8))[0])],
            assets=[_asset(chance) for _ in range(chance.choices((0, 1, 2), (25, 50, 25))[0])],
        )


def _email(chance: random.Random, first: str, last: str) -> str:
    local = f"{fold(first)}.{fold(last).replace(' ', '')}{chance.randrange(1, 9999)}"
    return f"{local}@{chance.choice(('webmail.example', 'posduif.example', 'example.com', 'example.org'))}"


def _phone(chance: random.Random) -> str:
    """A mobile number in blocks that no network gives out to people: …000…."""
    return f"+27{chance.choice(('82', '83', '72', '73', '61', '79'))}000{chance.randrange(10000):04d}"


def _id_number(chance: random.Random, today: date) -> str:
    born = today - timedelta(days=chance.randrange(19 * 365, 80 * 365))
    start = f"{born:%y%m%d}{chance.randrange(10000):04d}08"
    return start + luhn.calc_check_digit(start)


def _vat_number(chance: random.Random) -> str:
    start = f"4{chance.randrange(10**8):08d}"
    return start + luhn.calc_check_digit(start)


def _balance(chance: random.Random) -> Decimal:
    """Most owe nothing; some a month or three, a few are in credit. In rand, from whole cents."""
    months = chance.choices((0, 1, 2, 3, -1), (70, 17, 5, 3, 5))[0]
    return Decimal(months * chance.choice((29900, 39900, 45400, 59900, 75649, 99900))) / 100


def _note(chance: random.Random, surname: str) -> tuple[str, bool]:
    return chance.choice(NOTES).format(surname=surname), chance.random() < 0.1


def _asset(chance: random.Random) -> tuple[int, str, str]:
    mac = ":".join(f"{chance.randrange(256):02X}" for _ in range(5))
    return chance.randrange(len(EQUIPMENT)), f"SN{chance.randrange(10**8):08d}", f"02:{mac}"
