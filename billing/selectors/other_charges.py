"""What a customer is billed for every month by other apps, such as data accounts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from billing.models import BillingProfile
from customers.models import Customer
from herotill.billable import Billable, billable_sources
from herotill.money import cents
from herotill.months import Month
from herotill.reference.models import Price, Product

SOURCE = "item"
HUNDRED = Decimal(100)
_MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing of another app, as the card shows it: amounts for its quantity, on a day."""

    billable: Billable
    title: str
    product: Product | None
    listed: Decimal | None
    after: Decimal | None
    has_own_price: bool = False


def of(*, customer: Customer, day: date) -> list[Charge]:
    """What other sources bill this customer for every month, with what it costs on a day: one query, and those
    of the sources."""
    month = Month.of(day)
    found = [
        (source.title, billable)
        for source in billable_sources
        if source.monthly and source.name != SOURCE
        for billable in source.rows([customer.pk], month.first, month.last)
    ]
    products = _listed(customer, {one.product_id for _, one in found if one.product_id}, day)
    return [
        _charge(title, billable, products.get(billable.product_id or 0), day) for title, billable in found
    ]


def _listed(customer: Customer, products: Collection[int], day: date) -> dict[int, Any]:
    """These products with `listed`, what they cost this customer on a day: one query, none for none."""
    if not products:
        return {}
    begun = Price.objects.filter(product=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    lists = BillingProfile.objects.filter(customer=customer).values("price_list")
    own, everybody = (
        begun.filter(one).values("amount")[:1] for one in (Q(price_list__in=lists), Q(price_list=None))
    )
    listed = Coalesce(Subquery(own, output_field=_MONEY), Subquery(everybody, output_field=_MONEY))
    return Product.objects.select_related("product_type").annotate(listed=listed).in_bulk(products)


def _charge(title: str, billable: Billable, product: Any, day: date) -> Charge:
    listed: Decimal | None = product.listed if product else None
    own = [price.amount for price in billable.prices if price.starts_on <= day]
    price = own[-1] if own and own[-1] is not None else listed
    over = billable.discount_until and billable.discount_until < day
    share = HUNDRED if over else HUNDRED - billable.discount
    return Charge(
        billable,
        title,
        product,
        None if listed is None else cents(listed * billable.quantity),
        None if price is None else cents(price * billable.quantity * share / HUNDRED),
        bool(own) and own[-1] is not None,
    )
