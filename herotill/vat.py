"""VAT: what part of an amount it is, and at which rate. Pure; the rates come from the database as `Rates`.

Rounded half up to the cent, line by line; the amount that was given stays exact and the other is computed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from herotill.errors import DomainError
from herotill.money import ZERO, cents

STANDARD, ZERO_RATED, EXEMPT = "standard", "zero", "exempt"
# What a supplier who is no vendor supplies; never a product's own class.
OUTSIDE = "outside"

PRODUCT_CLASSES = (
    (STANDARD, "Standard rate"),
    (ZERO_RATED, "Zero-rated"),
    (EXEMPT, "Exempt"),
)
CLASSES = (*PRODUCT_CLASSES, (OUTSIDE, "No VAT"))

HUNDRED = Decimal(100)
DAY = timedelta(days=1)


class Amounts(NamedTuple):
    """A line's amounts in rand: `excl + vat == incl`, to the cent."""

    excl: Decimal
    vat: Decimal
    incl: Decimal


@lru_cache(maxsize=65_536, typed=True)  # Typed, or a float would find its Decimal.
def split(amount: Decimal, rate: Decimal, includes_vat: bool) -> Amounts:
    """Split `amount` at `rate` percent: R 454.00 with 15 % in it is 394.78 + 59.22.

    What is below the cent in `amount` is rounded first. Negative amounts split as positive ones do.
    """
    given = cents(amount)
    if includes_vat:
        vat = cents(given * rate / (HUNDRED + rate))
        return Amounts(given - vat, vat, given)
    vat = cents(given * rate / HUNDRED)
    return Amounts(given, vat, given + vat)


class Tax(NamedTuple):
    """The class that counts, and its rate in percent."""

    vat_class: str
    rate: Decimal


class Stretch(NamedTuple):
    """Days, both included, over which one rate counts."""

    first: date
    last: date
    tax: Tax

    @property
    def rate(self) -> Decimal:
        return self.tax.rate


@dataclass(frozen=True, slots=True)
class Rates:
    """The standard rate, in percent, from each day on; None while we are no vendor."""

    days: tuple[date, ...]
    percents: tuple[Decimal | None, ...]

    @classmethod
    def of(cls, rates: Iterable[tuple[date, Decimal]], vendor: Iterable[tuple[date, bool]]) -> Rates:
        """Rates and our own status, each as (day from which it counts, value)."""
        standard, status = dict(rates), dict(vendor)
        days = sorted(standard.keys() | status.keys())
        percent, is_vendor = ZERO, False
        percents: list[Decimal | None] = []
        for day in days:
            percent, is_vendor = standard.get(day, percent), status.get(day, is_vendor)
            percents.append(percent if is_vendor else None)
        return cls(tuple(days), tuple(percents))

    def on(self, day: date) -> Decimal:
        """The standard rate on a day in percent; 0 while we are no vendor."""
        return self.tax(STANDARD, day).rate

    def tax(self, vat_class: str, day: date) -> Tax:
        """The class and rate that count on a day. Raises DomainError for a day before all rates."""
        return _tax(vat_class, self._percent(day))

    def stretches(self, first: date, last: date, vat_class: str = STANDARD) -> list[Stretch]:
        """A service period, both days included, cut where its rate changes."""
        begin = bisect_right(self.days, first)
        cuts = [first, *self.days[begin : bisect_right(self.days, last)], last + DAY]
        found: list[Stretch] = []
        for start, end in pairwise(cuts):
            tax = self.tax(vat_class, start)
            if found and found[-1].tax == tax:
                start = found.pop().first
            found.append(Stretch(start, end - DAY, tax))
        return found

    def _percent(self, day: date) -> Decimal | None:
        place = bisect_right(self.days, day)
        if not place:
            raise DomainError(f"No VAT rate is known for {day}.")
        return self.percents[place - 1]


def _tax(vat_class: str, percent: Decimal | None) -> Tax:
    if percent is None:
        return Tax(OUTSIDE, ZERO)
    return Tax(vat_class, percent if vat_class == STANDARD else ZERO)


def rate_of(vat_class: str, rates: Rates, *, document_date: date, service: date | None = None) -> Tax:
    """The class and rate of a line: by a day of its service period, or without one by the document's date.

    A period that may span a change is cut by `Rates.stretches` first.
    """
    return rates.tax(vat_class, service or document_date)
