"""Toppings and bundles sold over the counter: the receipt, its tax invoice and the data are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import BillingProfile, Document
from billing.selectors import account_bills
from billing.services import documents, locks, receipts, single
from billing.services.receipts import NewReceipt
from customers import owing
from dataaccounts.models import DataAccount, Topping, ToppingOffer
from dataaccounts.selectors.rules import rules
from dataaccounts.services import toppings
from dataaccounts.services.toppings import Given
from herotill import vat
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.reference.selectors.prices import prices
from herotill.reference.selectors.vat import rates
from herotill.users.models import User

IN_PORTAL = "Bought in the portal"


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
    return {offer.pk: amount for offer, amount in offers(customer=customer, day=day).items()}


def offers(*, customer: int, day: date) -> Mapping[ToppingOffer, Decimal]:
    """The same by the offers themselves, in the order of their names."""
    profile = BillingProfile.objects.filter(customer=customer).first()
    sold = list(ToppingOffer.objects.filter(retired=False).select_related("product"))
    table, rate = prices([one.product_id for one in sold]), rates()
    found = {}
    for one in sold:
        amount = table.on(one.product_id, profile.price_list_id if profile else None, day)
        if amount is not None:
            tax = rate.tax(one.product.vat_class, day)
            found[one] = vat.split(amount, tax.rate, one.product.price_includes_vat).incl
    return found


@transaction.atomic
def sell(
    *, account: DataAccount, offer: ToppingOffer, receipt: NewReceipt, actor: User | None, now: datetime
) -> Topping:
    """Issue the invoice of an offer, book the receipt that pays it, and give the data: all or nothing.

    It costs what it costs now, on whatever day the money came.
    Raises DomainError where less is paid than it costs, or where it does not fit the account.
    """
    invoice = _invoice(account, offer, receipt.receipt_date, actor, now)
    if receipt.amount < invoice.incl:
        raise DomainError(f"It costs R {invoice.incl}, and less is paid.", field="amount")
    receipts.capture(receipt=replace(receipt, names_id=invoice.pk), actor=actor)
    given = Given(offer, charge=Topping.Charge.PAID, document=invoice.name)
    return toppings.give(account=account, given=given, actor=actor, now=now)


def may_be_on_account(account: DataAccount) -> bool:
    """Whether the ISP lets customers put data for such an account on the next invoice: never what is prepaid."""
    return not account.prepaid and account.state == DataAccount.State.ACTIVE and rules().portal_on_account


@transaction.atomic
def put_on_account(
    *, account: DataAccount, offer: ToppingOffer, token: str, actor: User | None, now: datetime
) -> Topping:
    """Give data that the customer asked for in the portal; the next invoice charges it.

    Raises DomainError where the ISP does not allow it, something is overdue, or it was added already.
    """
    locks.hold([account.customer_id])
    day = local_day(now)
    if not may_be_on_account(account):
        raise DomainError("Data for this service is paid by card.")
    payer = account_bills.payer(account.customer, day) or account.customer
    owed = owing.of([payer.pk]).get(payer.pk)
    if owed and owed.overdue > 0:
        raise DomainError("Pay what is overdue first.")
    price(account=account, offer=offer, day=day)
    given = Given(offer, charge=Topping.Charge.NEXT, reason=IN_PORTAL, token=token)
    return toppings.give(account=account, given=given, actor=actor, now=now)


def _invoice(
    account: DataAccount, offer: ToppingOffer, day: date, actor: User | None, now: datetime
) -> Document:
    draft = single.draft(
        customer=account.customer,
        text=f"{offer.product.invoice_text} ({account.username})",
        amount=price(account=account, offer=offer, day=local_day(now)),
        day=day,
        actor=actor,
        product=offer.product,
        due=day,
    )
    if documents.issue(documents=[draft.pk], actor=actor, now=now).waiting:
        raise DomainError("It is more than you may issue alone.", field="offer")
    draft.refresh_from_db()
    return draft
