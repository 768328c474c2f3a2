"""Which price a line was charged by: one of the thing's own, or one of the list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from billing.models import Line
from billing.policies.facts import Fact
from customers.models import Customer
from herotill.money import rand
from herotill.reference.models import Price


def priced(line: Line, own_prices: QuerySet[Any], customer: Customer, day: date) -> list[Fact]:
    """The price row that the line was charged by: the thing's own, or one of its product."""
    own = own_prices.filter(starts_on__lte=day, amount=line.unit_price)
    price = own.select_related("set_by").order_by("-starts_on").first()
    row = _listed(line, customer, day)
    if price and not (row and _went_back(own_prices, price, day)):
        agreed = ", agreed with the customer" if price.agreed else ""
        return [
            Fact(
                f"A price of its own: {rand(line.unit_price)}{agreed}.",
                price.starts_on,
                str(price.set_by or ""),
            )
        ]
    if row is None:
        return [
            Fact(
                f"The price was {rand(line.unit_price)} when it was charged; that price is no longer listed."
            )
        ]
    whose = f"the list {row.price_list}" if row.price_list else "the price for everybody"
    return [Fact(f"{rand(row.amount)} by {whose}.", row.starts_on)]


def _went_back(own_prices: QuerySet[Any], price: Any, day: date) -> bool:
    """Whether the price list counts again since a price of its own."""
    return own_prices.filter(amount=None, starts_on__gt=price.starts_on, starts_on__lte=day).exists()


def _listed(line: Line, customer: Customer, day: date) -> Price | None:
    profile = getattr(customer, "billing_profile", None)
    lists = Q(price_list=None) | Q(
        price_list__isnull=False, price_list=profile.price_list_id if profile else None
    )
    listed = Price.objects.filter(lists, product=line.product_id, starts_on__lte=day, amount=line.unit_price)
    return listed.select_related("price_list").order_by("price_list", "-starts_on").first()
