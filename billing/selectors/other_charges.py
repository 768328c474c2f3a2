"""What a customer is billed for every month by other apps, such as data accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.models import BillingProfile
from customers.models import Customer
from herotill.billable import Billable, billable_sources
from herotill.money import cents
from herotill.months import Month
from herotill.reference.models import Product
from herotill.reference.selectors.prices import PriceTable, prices

SOURCE = "item"
HUNDRED = Decimal(100)


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
    """What other sources bill this customer for in this month, with what it costs on a day."""
    month = Month.of(day)
    found = [
        (source.title, billable)
        for source in billable_sources
        if source.name != SOURCE
        for billable in source.rows([customer.pk], month.first, month.last)
    ]
    if not found:
        return []
    products = {billable.product_id for _, billable in found if billable.product_id}
    table = prices(products)
    named = Product.objects.select_related("product_type").in_bulk(products)
    own = BillingProfile.objects.filter(customer=customer).values_list("price_list_id", flat=True).first()
    return [_charge(title, billable, table, named, own, day) for title, billable in found]


def _charge(
    title: str,
    billable: Billable,
    table: PriceTable,
    named: dict[int, Product],
    price_list: int | None,
    day: date,
) -> Charge:
    listed = table.on(billable.product_id, price_list, day) if billable.product_id else None
    own = [price.amount for price in billable.prices if price.starts_on <= day]
    price = own[-1] if own and own[-1] is not None else listed
    over = billable.discount_until and billable.discount_until < day
    share = HUNDRED if over else HUNDRED - billable.discount
    return Charge(
        billable,
        title,
        named.get(billable.product_id or 0),
        None if listed is None else cents(listed * billable.quantity),
        None if price is None else cents(price * billable.quantity * share / HUNDRED),
        bool(own) and own[-1] is not None,
    )
