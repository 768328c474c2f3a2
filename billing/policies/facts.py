"""Facts that explain an amount, one leading to the next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from herotill.money import ZERO, cents, rand
from herotill.months import Month


@dataclass(frozen=True, slots=True)
class Fact:
    """One step of the answer: what is so, since when, by whom, where to see it, and what it rests on.

    `asks` is where to ask further why this is so.
    """

    text: str
    day: date | None = None
    by: str = ""
    url: str = ""
    asks: str = ""
    tone: str = ""
    because: Sequence[Fact] = field(default=())


def share(
    *, first: date, last: date, price: Decimal, quantity: Decimal, discount: Decimal, amount: Decimal
) -> str:
    """How a charge came to its amount, in words: `15 of 31 days of R 454.00 are R 219.68`.

    Where a month begun costs the whole price, it says so.
    """
    month = Month.of(first)
    days = (last - first).days + 1
    times = "" if quantity == 1 else f"{quantity.normalize():f} × "
    less = f" less {discount.normalize():f} %" if discount else ""
    base = f"{times}{rand(price)}{less}"
    whole = (first, last) == (month.first, month.last)
    if whole or Month.of(last) != month:
        return f"{month.label}: {base} {'is' if whole else 'makes'} {rand(amount)}."
    if amount == cents(price * quantity * (100 - discount) / 100):
        return f"{month.label}, charged in full: {base} is {rand(amount)}."
    return f"{days} of {month.length} days of {base} {'is' if days == 1 else 'are'} {rand(amount)}."


def vat(
    *, vat_class: str, rate: Decimal, since: date | None, counts: date, excl: Decimal, tax: Decimal
) -> str:
    """Which VAT is in an amount and why."""
    if vat_class == "standard":
        begun = f", the rate since {since}," if since else ""
        return f"VAT {rate.normalize():f} %{begun} by the day {counts}: {rand(tax)} on {rand(excl)}."
    return {
        "zero": "Zero-rated: VAT at 0 %.",
        "exempt": "Exempt from VAT.",
        "outside": "No VAT: we were no vendor on that day, or this carries none.",
    }[vat_class]


def left(amount: Decimal, open_amount: Decimal) -> str:
    """What is open of an amount, in words."""
    if open_amount == ZERO:
        return f"{rand(amount)}, all of it paid or credited."
    if open_amount == amount:
        return f"{rand(amount)}, all of it open."
    return f"{rand(open_amount)} of {rand(amount)} is open."
