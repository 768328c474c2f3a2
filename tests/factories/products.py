"""Products and their prices as the tests' stories need them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from herotill.reference.models import Price, PriceList, Product, ProductType

LONG_AGO = date(2010, 1, 1)


def make_product(code: str = "UNC10", price: str | None = "454.00", **fields: Any) -> Product:
    """Something sold at `price` to everybody since long ago; without a price where that is None."""
    fields.setdefault("name", f"Uncapped {code}")
    kind, _ = ProductType.objects.get_or_create(name=fields.pop("product_type", "BANDWIDTH"))
    product = Product.objects.create(code=code, product_type=kind, **fields)
    if price is not None:
        make_price(product, price)
    return product


def make_price(
    product: Product, amount: str, starts_on: date = LONG_AGO, price_list: PriceList | None = None
) -> Price:
    """What a product costs from a day on."""
    return Price.objects.create(
        product=product, price_list=price_list, starts_on=starts_on, amount=Decimal(amount)
    )
