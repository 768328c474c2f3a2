"""What a line comes to: its price, quantity and discount, and the VAT that counts for it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill import vat
from herotill.money import ZERO, cents

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or the part of one over whose days one rate counts."""

    first: date | None
    last: date | None
    tax: vat.Tax
    amounts: vat.Amounts


def worth(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> Decimal:
    """Quantity times price less the discount in percent, to the cent."""
    return cents(quantity * unit_price * (HUNDRED - discount) / HUNDRED)


def parts(
    amount: Decimal,
    *,
    vat_class: str,
    includes_vat: bool,
    rates: vat.Rates,
    document_date: date,
    first: date | None = None,
    last: date | None = None,
) -> list[Part]:
    """`amount` with its VAT; shared by days where the rate changes within the days of service."""
    if first is None or last is None:
        tax = vat.rate_of(vat_class, rates, document_date=document_date)
        return [Part(first, last, tax, vat.split(amount, tax.rate, includes_vat))]
    stretches = rates.stretches(first, last, vat_class)
    days = [(one.last - one.first).days + 1 for one in stretches]
    return [
        Part(one.first, one.last, one.tax, vat.split(share, one.rate, includes_vat))
        for one, share in zip(stretches, shared(amount, days), strict=True)
    ]


def shared(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """`amount` in proportion to the weights, to the cent and together exactly the amount."""
    total, upto, given = Decimal(sum(weights)), Decimal(0), ZERO
    found = []
    for weight in weights:
        upto += weight
        share = cents(amount * upto / total) - given
        given += share
        found.append(share)
    return found
