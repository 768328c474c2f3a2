"""Toppings and bundles sold over the counter: the receipt, its tax invoice and the data are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import BillingProfile, Document
from billing.services import documents, receipts, single
from billing.services.receipts import NewReceipt
from dataaccounts.models import DataAccount, Topping, ToppingOffer
from dataaccounts.services import toppings
from dataaccounts.services.toppings import Given
from herotill import vat
from herotill.errors import DomainError
from herotill.reference.selectors.prices import prices
from herotill.reference.selectors.vat import rates
from herotill.users.models import User


def price(*, account: DataAccount, offer: ToppingOffer, day: date) -> Decimal:
    """What an offer costs the account's customer on a day, in its product's terms.

    Raises DomainError where it has no price.
    """
    profile = BillingProfile.objects.filter(customer=account.customer_id).first()
    found = prices([offer.product_id]).on(offer.product_id, profile.price_list_id if profile else None, day)
    if found is None:
        raise DomainError(f"{offer} has no price yet.", field="offer")
    return found


def costs(*, customer: int, day: date) -> Mapping[int, Decimal]:
    """What each offer that is sold costs this customer on a day, with VAT; those without a price are left out."""
    profile = BillingProfile.objects.filter(customer=customer).first()
    offers = ToppingOffer.objects.filter(retired=False).select_related("product")
    table, rate = prices([one.product_id for one in offers]), rates()
    found = {}
    for one in offers:
        amount = table.on(one.product_id, profile.price_list_id if profile else None, day)
        if amount is not None:
            tax = rate.tax(one.product.vat_class, day)
            found[one.pk] = vat.split(amount, tax.rate, one.product.price_includes_vat).incl
    return found


@transaction.atomic
def sell(
    *, account: DataAccount, offer: ToppingOffer, receipt: NewReceipt, actor: User, now: datetime
) -> Topping:
    """Issue the invoice of an offer, book the receipt that pays it, and give the data: all or nothing.

    Raises DomainError where less is paid than it costs, or where it does not fit the account.
    """
    invoice = _invoice(account, offer, receipt.receipt_date, actor, now)
    if receipt.amount < invoice.incl:
        raise DomainError(f"It costs R {invoice.incl}, and less is paid.", field="amount")
    receipts.capture(receipt=replace(receipt, names_id=invoice.pk), actor=actor)
    given = Given(offer, charge=Topping.Charge.PAID, document=invoice.name)
    return toppings.give(account=account, given=given, actor=actor, now=now)


def _invoice(account: DataAccount, offer: ToppingOffer, day: date, actor: User, now: datetime) -> Document:
    draft = single.draft(
        customer=account.customer,
        text=f"{offer.product.invoice_text} ({account.username})",
        amount=price(account=account, offer=offer, day=day),
        day=day,
        actor=actor,
        product=offer.product,
        due=day,
    )
    if documents.issue(documents=[draft.pk], actor=actor, now=now).waiting:
        raise DomainError("It is more than you may issue alone.", field="offer")
    draft.refresh_from_db()
    return draft
