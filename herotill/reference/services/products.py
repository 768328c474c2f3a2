"""Products and their prices: added, changed, taken away where nothing uses them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from herotill.errors import DomainError
from herotill.reference.models import Price, PriceList, Product


def save(*, product: Product) -> Product:
    """Add or change a product. Raises DomainError where another one has its code."""
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as trouble:
        if "product_code_once" not in str(trouble):
            raise
        raise DomainError(f"There is already a product {product.code}.", field="code") from None
    return product


def retire(*, product: Product, retired: bool) -> None:
    """Sell it no longer, or again; what customers have goes on."""
    Product.objects.filter(pk=product.pk).update(retired=retired)


def delete(*, product: Product) -> None:
    """Take a product away with its prices. Raises DomainError where something was sold of it."""
    try:
        with transaction.atomic():
            product.delete()
    except ProtectedError:
        raise DomainError(f"{product.code} is in use and can only be retired.") from None


@transaction.atomic
def set_price(
    *, product: Product, price_list: PriceList | None, starts_on: date, amount: Decimal, day: date
) -> Price:
    """Have a product cost `amount` a unit from `starts_on` on, for a list or for everybody.

    A price that begins on `day` or later is replaced; one in force since before is not: a new one follows
    it. Raises DomainError there.
    """
    Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    price = Price.objects.filter(product=product, price_list=price_list, starts_on=starts_on).first()
    if price is None:
        return Price.objects.create(
            product=product, price_list=price_list, starts_on=starts_on, amount=amount
        )
    if price.amount != amount:
        _refuse_begun(price, day)
        price.amount = amount
        price.save(update_fields=["amount"])
    return price


def drop_price(*, price: Price, day: date) -> None:
    """Take back a price that has not begun by `day`. Raises DomainError for one that has."""
    _refuse_begun(price, day)
    price.delete()


def _refuse_begun(price: Price, day: date) -> None:
    if price.starts_on < day:
        raise DomainError(
            f"This price counts since {price.starts_on}. Give a new one from a later day instead.",
            field="starts_on",
        )
