"""Drafts of quotes: begun for a lead or a customer, and their lines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from billing.services import locks
from customers.models import Customer
from dataaccounts.models import Package
from herotill import vat
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.money import ZERO
from herotill.reference.models import Product
from herotill.reference.selectors import vat as rates
from herotill.users.models import User
from workflow.models import Lead, Place, Quote, QuoteLine, TakenOver
from workflow.policies import quoting
from workflow.selectors import quotes as reading

NUMBERS = 2026_0006
FREELY = Decimal(100)
NOT_SOLD_TO = "{lead} is not sold to any more; bring the lead back first."


@transaction.atomic
def begin(
    *,
    actor: User | None,
    now: datetime,
    lead: Lead | None = None,
    customer: Customer | None = None,
    package: Package | None = None,
    remark: str = "",
) -> Quote:
    """A draft with the next number, perhaps with a package on it.

    Raises DomainError for a lead that is lost or won or has accepted a quote, and beside another draft for it.
    """
    if lead is not None:
        lead = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        if not lead.is_open:
            raise DomainError(NOT_SOLD_TO.format(lead=lead.name))
        insist_sold_to(lead)
        if open_one := Quote.objects.filter(lead=lead, state=Quote.State.DRAFT).first():
            raise DomainError(f"{open_one} is a draft for {lead.name} already.")
    made = next_quote(
        lead=lead,
        customer=customer,
        day=local_day(now),
        recipient=lead.email if lead else customer.contact_email if customer else "",
        remark=remark,
        created_by=actor,
    )
    if package is not None:
        add_package(quote=made, package=package)
    return made


def insist_sold_to(lead: Lead) -> None:
    """Raise DomainError for a lead that is lost or merged, and for one that accepted a quote: it may be put back to
    Quotes until something of that is taken over.
    """
    if not reading.goes_on(lead):
        raise DomainError(NOT_SOLD_TO.format(lead=lead.name))
    known = reading.accepted(lead)
    if known and TakenOver.objects.filter(lead=lead).exists():
        raise DomainError(
            f"{known} was accepted and taken over. What else they want is quoted to the customer."
        )
    if known and not reading.is_before(lead, Place.CUSTOMER_NEW):
        raise DomainError(f"{known} was accepted. Put the lead back to Quotes first.")


def next_quote(**fields: Any) -> Quote:
    """A draft with the next number; whoever wants one at the same time waits for the end of our transaction."""
    locks.hold_word(NUMBERS, 0)
    last = Quote.objects.aggregate(last=Max("number"))["last"] or 0
    return Quote.objects.create(number=last + 1, **fields)


def hold_draft(quote: Quote) -> Quote:
    """The draft as it stands, for us alone until the transaction ends."""
    found = Quote.objects.select_for_update(no_key=True, of=("self",)).defer("pdf").get(pk=quote.pk)
    if found.state != Quote.State.DRAFT:
        raise DomainError(f"{found} is no draft any more; a new version can be made of it.")
    return found


@transaction.atomic
def add_line(
    *,
    quote: Quote,
    product: Product,
    monthly: bool,
    quantity: int = 1,
    discount: Decimal = ZERO,
    most: Decimal = ZERO,
    price: Decimal | None = None,
    text: str = "",
    package: Package | None = None,
) -> QuoteLine:
    """Offer a product at its list price, or at `price`; `most` is how many percent below the list one may go.

    Raises DomainError where that is exceeded, and where nobody says what it costs.
    """
    held = hold_draft(quote)
    if product.retired:
        raise DomainError(f"{product} is no longer sold.", field="product")
    listed = reading.list_price(held, product)
    given = listed if price is None else price
    if given is None:
        raise DomainError(f"{product} has no price on {held.day}; give this line one.", field="price")
    quoting.insist_on_limit(quoting.below_list(listed, given, discount), most)
    last = held.lines.aggregate(last=Max("position"))["last"] or 0
    line = QuoteLine(
        quote=held,
        position=last + 1,
        product=product,
        package=package,
        text=text or product.invoice_text,
        monthly=monthly,
        quantity=quantity,
        price=given,
        list_price=listed,
        discount=discount,
    )
    reckon([line], held)
    line.save()
    return line


def add_package(
    *, quote: Quote, package: Package, quantity: int = 1, discount: Decimal = ZERO, most: Decimal = ZERO
) -> QuoteLine:
    """Offer a package every month, at its product's list price; a data account comes of it."""
    if package.retired or package.product is None:
        raise DomainError(f"{package} is not sold.", field="package")
    return add_line(
        quote=quote,
        product=package.product,
        package=package,
        monthly=True,
        quantity=quantity,
        discount=discount,
        most=most,
        text=package.name,
    )


@transaction.atomic
def add_survey_cost(
    *, quote: Quote, product: Product, text: str, cost: Decimal, most: Decimal = ZERO
) -> QuoteLine:
    """Offer once, as this product, what the survey found it costs more, VAT included.

    What it found stands for the list. Raises DomainError beyond `most` percent below it, and for a second time.
    """
    held = hold_draft(quote)
    survey = reading.extra_of(held)
    if survey is None or survey.cost is None:
        raise DomainError("The survey found no cost that this quote does not name yet.")
    tax = rates.rates().tax(product.vat_class, held.day)
    price, found = (
        quoting.in_own_terms(amount, includes_vat=product.price_includes_vat, rate=tax.rate)
        for amount in (cost, survey.cost)
    )
    quoting.insist_on_limit(quoting.below_list(found, price, ZERO), most)
    line = add_line(quote=held, product=product, monthly=False, price=price, text=text[:200], most=FREELY)
    line.list_price, line.of_survey = found, True
    line.save(update_fields=["list_price", "of_survey"])
    return line


@transaction.atomic
def change_line(
    *, line: QuoteLine, text: str, quantity: int, price: Decimal, discount: Decimal, most: Decimal
) -> QuoteLine:
    """Change what a line says and comes to. Raises DomainError beyond `most` percent below the list."""
    held = hold_draft(line.quote)
    found = QuoteLine.objects.select_related("product").filter(pk=line.pk, quote=held).first()
    if found is None:
        raise DomainError("Somebody else has removed this line.")
    if (price, discount) != (found.price, found.discount):
        quoting.insist_on_limit(quoting.below_list(found.list_price, price, discount), most)
    found.text, found.quantity, found.price, found.discount = text, quantity, price, discount
    reckon([found], held)
    found.save()
    return found


@transaction.atomic
def remove_line(*, line: QuoteLine) -> None:
    """Take a line off a draft."""
    hold_draft(line.quote)
    QuoteLine.objects.filter(pk=line.pk).delete()


@transaction.atomic
def write_remark(*, quote: Quote, remark: str) -> Quote:
    """What the customer reads above the lines."""
    held = hold_draft(quote)
    held.remark = remark
    held.save(update_fields=["remark"])
    return held


def reckon(lines: list[QuoteLine], quote: Quote) -> None:
    """What lines come to with the VAT of the quote's day; nothing is saved."""
    known = rates.rates()
    for line in lines:
        tax: vat.Tax = known.tax(line.product.vat_class, quote.day)
        line.vat_class, line.vat_rate = tax
        line.excl, line.vat, line.incl = quoting.amounts(
            quantity=line.quantity,
            price=line.price,
            discount=line.discount,
            includes_vat=line.product.price_includes_vat,
            rate=tax.rate,
        )
