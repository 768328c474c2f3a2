"""Quotes of the demo's leads, as the list they wait in says: drafts, sent, declined, expired, replaced, accepted."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from customers.models import Customer
from dataaccounts.models import Package
from herotill.clock import local_day
from herotill.demo import DemoOrder
from herotill.reference.models import Product
from herotill.users.models import User
from workflow.models import Acceptance, DeclineReason, Lead, Move, Place, Quote, SalesRules
from workflow.policies import way
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes import drafting, sending

TERMS = """The prices include VAT and stand until the day this quote names.
Installation is paid before the technician comes, the monthly amount in advance on the first of each month.
The service runs from month to month; either side ends it with a calendar month's notice.
Equipment that is not sold stays ours and is given back in good order when the service ends.
You may withdraw from this within five business days without a reason, as the law allows."""
REMARK = "Thank you for your time on the phone. As discussed, this is the service for your house."
State = Quote.State
FREELY = drafting.FREELY


def make_quotes(order: DemoOrder) -> None:
    """A quote for every lead that has come as far as one, two for existing customers, once."""
    install = Product.objects.filter(code="INST").first()
    packages = [one for one in reading.packages() if one.product and one.product.prices.exists()]
    if Quote.objects.exists() or install is None or not packages:
        return
    SalesRules.objects.filter(terms="").update(terms=TERMS, sign_up_open=True)
    now = order.moment
    made = _Office(install, packages, Random(f"{order.seed} quotes"), now)
    with transaction.atomic():
        reached = way.WAY[way.WAY.index(Place.QUOTE_NEW) :]
        for place, lead in enumerate(Lead.objects.filter(step__in=reached).order_by("step_since", "pk")):
            made.quote(lead, place)
        made.for_customers()
    order.say(f"{Quote.objects.count()} quotes")


class _Office:
    """What the people of sales did, each at a time before now."""

    def __init__(self, install: Product, packages: list[Package], chance: Random, now: datetime) -> None:
        self.install, self.packages, self.chance, self.now = install, packages, chance, now
        self.actor = User.objects.filter(username="sales").first()
        self.reasons = list(DeclineReason.objects.filter(retired=False))

    def quote(self, lead: Lead, number: int) -> None:
        """What the lead's list says became of its quote; some have an older version or ran out."""
        if lead.place == Place.QUOTE_NEW:
            if number % 2:
                self.draft(lead, lead.step_since)
            return
        answered = _came(lead, Place.CUSTOMER_NEW) or lead.step_since
        sent_at = _came(lead, Place.QUOTE_SENT) or answered - timedelta(days=2)
        quote = self.sent(self.draft(lead, sent_at), sent_at)
        if lead.place == Place.QUOTE_SENT:
            self.waits(quote, number)
        elif lead.place == Place.QUOTE_DECLINED:
            self.declined(quote, lead.step_since)
        else:
            self.accepted(quote, max(answered, sent_at + timedelta(hours=3)))

    def draft(self, lead: Lead | None, at: datetime, customer: Customer | None = None) -> Quote:
        to = lead.email if lead else customer.contact_email if customer else ""
        made = drafting.next_quote(
            created_at=at,
            lead=lead,
            customer=customer,
            day=local_day(at),
            recipient=to,
            remark=REMARK,
            created_by=self.actor,
        )
        discount = Decimal(self.chance.choice((0, 0, 0, 5, 10)))
        quotes.add_line(quote=made, product=self.install, monthly=False, discount=discount, most=FREELY)
        quotes.add_package(quote=made, package=self.chance.choice(self.packages))
        return made

    def sent(self, quote: Quote, at: datetime, days: int = 30) -> Quote:
        to = quote.recipient or "somebody@example.com"
        held = sending.hold(quote, State.DRAFT)
        sending.freeze(held, to=to, actor=self.actor, now=at, days=days)
        return held

    def waits(self, quote: Quote, number: int) -> None:
        """Most wait, some were opened; every fourth has a second version, every fifth has run out."""
        assert quote.sent_at
        if number % 5 == 0:
            quote.state = State.EXPIRED
        elif number % 4 == 0:
            newer = sending.revise(quote=quote, actor=self.actor, now=quote.sent_at)
            self.mailed(self.sent(newer, quote.sent_at + timedelta(hours=20)))
            return
        else:
            quote.opened_at = quote.sent_at + timedelta(hours=2) if number % 2 else None
            quote.reminded = int(self.now - quote.sent_at > timedelta(days=3))
            self.mailed(quote)
        quote.save(update_fields=["state", "opened_at", "reminded"])

    def mailed(self, quote: Quote) -> None:
        """Its mail goes out as the demo starts, so that its link can be tried."""
        if reading.is_answerable(quote, local_day(self.now)):
            sending.mail(quote, sending.QUOTE, self.now, self.actor)

    def declined(self, quote: Quote, at: datetime) -> None:
        quote.state, quote.answered_at = State.DECLINED, at
        quote.decline_reason = self.chance.choice(self.reasons)
        quote.decline_words = self.chance.choice(("", "We found it for less in town.", "Not this year."))
        quote.save(update_fields=["state", "answered_at", "decline_reason", "decline_words"])

    def accepted(self, quote: Quote, at: datetime) -> None:
        lead = quote.lead
        assert lead
        quote.state, quote.answered_at, quote.opened_at = State.ACCEPTED, at, at - timedelta(minutes=20)
        quote.save(update_fields=["state", "answered_at", "opened_at"])
        Acceptance.objects.create(
            quote=quote,
            name=lead.contact_name or lead.name,
            at=at,
            address="198.51.100.24",
            browser="Mozilla/5.0 (Linux; Android 14; Mobile) Firefox/132.0",
            pdf_sha256=quote.pdf_sha256,
            terms_sha256=hashlib.sha256(quote.terms.encode()).hexdigest(),
            details=self.details(lead),
        )

    def details(self, lead: Lead) -> dict[str, str]:
        known = (
            "kind",
            "company_name",
            "first_names",
            "surname",
            "contact_name",
            "email",
            "phone",
            "vat_number",
        )
        found = {name: str(getattr(lead, name)) for name in (*known, "id_number", "registration_number")}
        found |= {
            f"physical_{name}": getattr(lead, name) for name in ("lines", "suburb", "town", "postal_code")
        }
        found["payment_method"] = self.chance.choice(("debit_order", "debit_order", "eft", "credit_card"))
        return {name: text for name, text in found.items() if text}

    def for_customers(self) -> None:
        """Two who are customers already were offered something faster; one has not got it yet."""
        people = (
            Customer.objects.filter(status=Customer.Status.ACTIVE).exclude(contact_email="").order_by("code")
        )
        for place, customer in enumerate(people[:2]):
            at = self.now - timedelta(days=3 + place)
            quote = self.draft(None, at, customer)
            if place == 0:
                self.mailed(self.sent(quote, at))


def _came(lead: Lead, place: str) -> datetime | None:
    """When a lead came to a list last."""
    return Move.objects.filter(lead=lead, to_step=place).order_by("-at").values_list("at", flat=True).first()
