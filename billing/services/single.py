"""A draft invoice of one line, for what is charged outside the month's run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billing.models import Document, DocumentKind, Line
from billing.services import documents
from customers.models import Customer
from herotill import vat
from herotill.reference.models import Product
from herotill.reference.selectors.vat import rates
from herotill.users.models import User


def draft(
    *,
    customer: Customer,
    text: str,
    amount: Decimal,
    day: date,
    actor: User | None,
    product: Product | None = None,
    due: date | None = None,
) -> Document:
    """Draft an invoice for one thing, at the product's VAT class or the standard rate.

    `amount` is in the product's terms: with VAT or without; with VAT where there is no product.
    """
    includes_vat = product.price_includes_vat if product else True
    tax = rates().tax(product.vat_class if product else vat.STANDARD, documents.free_day(day))
    line = Line(
        product=product,
        text=text[:300],
        unit_price=amount,
        includes_vat=includes_vat,
        vat_class=tax.vat_class,
        vat_rate=tax.rate,
        **vat.split(amount, tax.rate, includes_vat)._asdict(),
    )
    return documents.make(
        kind=DocumentKind.INVOICE,
        customer=customer,
        day=day,
        due=due or documents.due_date(customer=customer, day=day),
        lines=[line],
        actor=actor,
    )
