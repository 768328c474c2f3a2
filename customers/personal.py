"""What customers know of a person, the nightly job that forgets it, and the second person for who asks earlier."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from customers.anonymising import Personal, personal
from customers.models import Customer, CustomerBalance
from customers.screen import Banner, banners
from customers.services import anonymising, blanking
from herotill import approvals
from herotill.api.services import forgetting
from herotill.jobs import Job, Queue, jobs
from herotill.messages.services import blanking as messages
from herotill.users.grants import right

SCREEN = "Profile: personal data"
right(
    "customers.view_anonymisation",
    "see what is kept of former customers",
    screen=SCREEN,
    to=("manager", "accounts"),
)
right(
    "customers.anonymise_customer",
    "ask for a former customer to be anonymised",
    screen=SCREEN,
    to=("manager", "accounts"),
)
right(
    "customers.approve_anonymising", "approve that a customer is anonymised", screen=SCREEN, to=("manager",)
)


def _messages(customers: Collection[int], now: datetime) -> None:
    messages.messages(customers, anonymising.addresses(customers))
    messages.consent(customers)


def _programs(customers: Collection[int], now: datetime) -> None:
    codes = Customer.objects.filter(pk__in=customers).values_list("code", flat=True)
    forgetting.of_customers(customers, list(codes))


for order, (name, what, blank) in enumerate(
    (
        ("messages", "Messages: addresses and what they said", _messages),
        ("portal", "The portal log-in", blanking.portal),
        ("contacts", "Contacts: names, addresses, numbers", blanking.contacts),
        ("places", "Addresses and equipment: all but the town", blanking.places),
        ("notes", "Notes", blanking.notes),
        ("attachments", "Attachments, but for signed mandates", blanking.attachments),
        ("programs", "What other programs were told and answered", _programs),
    )
):
    personal.register(Personal(name=name, what=what, blank=blank, order=10 + order))
personal.register(
    Personal(
        name="names",
        what="Name, ID, registration and VAT numbers; old values in the audit trail",
        blank=blanking.names,
        waits=blanking.who_waits,
        lasts=blanking.last_changed,
        order=90,
    )
)
jobs.register(
    Job(
        name="anonymise",
        title="Blanks the personal data of former customers whose time has come",
        queue=Queue.REPORTS,
        task=anonymising.run,
        schedule="daily at 02:10",
        order=96,
    )
)


def _subject(pk: int | None, payload: Mapping[str, Any]) -> approvals.Subject | None:
    customer = Customer.objects.filter(pk=pk or 0, anonymised_on=None).first()
    if customer is None:
        return None
    balance = CustomerBalance.objects.get(customer=customer).amount
    values = {"version": customer.version, "status": customer.status, "balance": str(balance)}
    return approvals.Subject(customer.code, reverse("customers:profile", args=[customer.code]), values)


def _describe(pk: int | None, payload: Mapping[str, Any]) -> list[approvals.Row]:
    return anonymising.preview(customer=Customer.objects.get(pk=pk or 0))


approvals.kinds.register(
    approvals.ApprovalKind(
        name=anonymising.KIND,
        title="Anonymise a customer",
        permission="customers.approve_anonymising",
        subject=_subject,
        describe=_describe,
        carry_out=anonymising.carry_out,
        order=300,
    )
)


def _lines(customer: Customer) -> list[dict[str, str]]:
    if not customer.anonymised_on:
        return []
    text = f"Anonymised on {customer.anonymised_on}. What was personal is gone; this cannot be undone."
    return [{"text": text, "tone": "warn", "url": "", "label": ""}]


banners.register(Banner("anonymised", "customers.view_customer", _lines, order=5))
