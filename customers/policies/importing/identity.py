"""Whom a record is about: somebody new, somebody there, or a clash (rule 9)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from customers.policies.importing.outcome import Holding, Kind, Known
from customers.policies.names import match_key

ZERO = Decimal("0.00")


class DuplicateCode(Exception):
    """A code that belongs to somebody of another type or name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What tells whether two records speak of the same customer."""

    code: str
    kind: Kind
    name_key: str
    email: str

    @property
    def by_name(self) -> tuple[Kind, str, str]:
        return self.kind, self.name_key, self.email


@dataclass(slots=True)
class Customer:
    """A customer as an import sees it, whether the database has it or a record on `line` creates it.

    `code` is empty until it is given out; `reason` says why a customer of the file is refused after all.
    """

    code: str
    kind: Kind
    name_key: str
    master: str
    balance: Decimal
    line: int = 0
    reason: str = ""


class Register:
    """The customers of the database and of the records accepted so far, in file order.

    `named_in_file` are the codes that stand in the file: between several customers of the database
    with one name and address, a record without a code means one that no other record names.
    """

    def __init__(self, known: Known, *, named_in_file: Set[str]) -> None:
        self._known = known
        self._named_in_file = named_in_file
        self._by_code: dict[str, Customer] = {}
        self._by_name: dict[tuple[Kind, str, str], Customer] = {}

    def find(self, subject: Subject) -> Customer | None:
        """The customer that `subject` is already, if any. Raises DuplicateCode."""
        return self._with_code(subject) if subject.code else self._with_name(subject)

    def accept(self, subject: Subject, customer: Customer) -> None:
        """Remembers an accepted record and the customer it creates or updates."""
        if customer.code:
            self._by_code.setdefault(customer.code, customer)
        if subject.email:
            self._by_name.setdefault(subject.by_name, customer)

    def _with_code(self, subject: Subject) -> Customer | None:
        customer = self._by_code.get(subject.code) or self._from_database(subject.code)
        if customer and (customer.kind, customer.name_key) != (subject.kind, subject.name_key):
            raise DuplicateCode
        return customer

    def _with_name(self, subject: Subject) -> Customer | None:
        if not subject.email:
            return None
        return self._by_name.get(subject.by_name) or self._named_in_database(subject)

    def _named_in_database(self, subject: Subject) -> Customer | None:
        codes = sorted(self._known.by_email.get(subject.email, ()), key=self._named_in_file.__contains__)
        there = (self._by_code.get(code) or self._from_database(code) for code in codes)
        same = (c for c in there if c and (c.kind, c.name_key) == (subject.kind, subject.name_key))
        return next(same, None)

    def _from_database(self, code: str) -> Customer | None:
        held = self._known.customers.get(code)
        return _known_customer(code, held) if held else None


def _known_customer(code: str, held: Holding) -> Customer:
    return Customer(code, held.kind, match_key(held.name), held.master, held.balance)
