"""Reads about products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from herotill.folding import fold
from herotill.reference.models import Price, Product
from herotill.reference.selectors.prices import history
from herotill.vat import Amounts, Rates, split


def find(rows: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Those whose name, code or invoice text has `text` in it."""
    return rows.filter(Q(name_key__contains=fold(text)) | Q(code__icontains=text.strip()))


def price_to_everybody(ids: Sequence[int], day: date) -> Mapping[int, Decimal]:
    """What each of these products costs on a day where no list says otherwise."""
    in_force = Price.objects.filter(product__in=ids, price_list=None, starts_on__lte=day)
    newest = in_force.order_by("product_id", "-starts_on").distinct("product_id")
    return dict(newest.values_list("product_id", "amount"))


@dataclass(frozen=True, slots=True)
class Dated:
    """One price of a product as its page shows it."""

    price: Price
    amounts: Amounts
    state: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The prices of one list, the newest first; without a name, those of everybody."""

    name: str
    prices: Sequence[Dated]


def price_history(product: Product, rates: Rates, day: date) -> list[Listed]:
    """All prices of a product by list, with VAT as it is today, or was or will be as each begins."""
    by_list: dict[str, list[Dated]] = {"": []}
    for price in history(product.pk):
        shown = by_list.setdefault(price.price_list.name if price.price_list else "", [])
        state = _state(price, shown, day)
        counts_on = day if state == "now" else max(price.starts_on, rates.days[0])
        tax = rates.tax(product.vat_class, counts_on)
        amounts = split(price.amount, tax.rate, product.price_includes_vat)
        shown.append(Dated(price, amounts, state))
    return [Listed(name, prices) for name, prices in by_list.items()]


def _state(price: Price, newer: Sequence[Dated], day: date) -> str:
    if price.starts_on > day:
        return "to come"
    return "past" if any(one.state == "now" for one in newer) else "now"
