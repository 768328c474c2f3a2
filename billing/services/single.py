"""A draft invoice of one line, for what is charged outside the month's run."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from billing.models import BillingProfile, Document, DocumentKind, Line, Rules
from billing.selectors import profiles
from customers.models import Customer
from herotill import vat
from herotill.reference.models import Product
from herotill.reference.selectors import vat as vat_reading
from herotill.users.models import User


def draft(
    *,
    customer_id: int,
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
    tax = vat_reading.rates().tax(product.vat_class if product else vat.STANDARD, day)
    amounts = vat.split(amount, tax.rate, includes_vat)
    document = Document.objects.create(
        kind=DocumentKind.INVOICE,
        customer_id=customer_id,
        document_date=day,
        due_date=due or day + timedelta(days=_due_days(customer_id)),
        created_by=actor,
        **amounts._asdict(),
    )
    Line.objects.create(
        document=document,
        customer_id=customer_id,
        product=product,
        text=text[:300],
        unit_price=amount,
        includes_vat=includes_vat,
        vat_class=tax.vat_class,
        vat_rate=tax.rate,
        **amounts._asdict(),
    )
    return document


def _due_days(customer_id: int) -> int:
    customer = Customer.objects.select_related("billing_group").get(pk=customer_id)
    own = BillingProfile.objects.filter(customer=customer).first()
    return profiles.due(profile=own, group=customer.billing_group, rules=Rules.objects.get()).days
