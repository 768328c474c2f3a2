"""What accounts need to know of bills: how far spans are billed, and on which price list a customer is.

Kept above this app; whoever bills provides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from customers.models import Customer


class Dates(Protocol):
    def __call__(self, spans: Sequence[int]) -> Mapping[int, date]: ...


class Lists(Protocol):
    def __call__(self, customers: Sequence[int]) -> Mapping[int, int]: ...


class Payers(Protocol):
    def __call__(self, customer: Customer, day: date) -> Customer | None: ...


@dataclass(frozen=True, slots=True)
class Teller:
    """`upto` gives the last day for which spans stand on documents, `price_lists` the lists of customers.

    `payer` gives the other customer who pays for one, None where it pays itself.
    """

    upto: Dates
    price_lists: Lists
    payer: Payers = lambda customer, day: None


_tellers: list[Teller] = [Teller(lambda spans: {}, lambda customers: {})]


def provide(teller: Teller) -> None:
    """Say who knows; the last to say so counts."""
    _tellers.append(teller)


def upto(spans: Sequence[int]) -> Mapping[int, date]:
    """The last day for which each of these spans stands on a document; those never billed are left out."""
    return _tellers[-1].upto(spans) if spans else {}


def price_lists(customers: Sequence[int]) -> Mapping[int, int]:
    """The price lists of these customers; who has none is left out."""
    return _tellers[-1].price_lists(customers)


def payer(*, customer: Customer, day: date) -> Customer | None:
    """The other customer whom this one's services are billed to; None for who pays itself."""
    return _tellers[-1].payer(customer, day)
