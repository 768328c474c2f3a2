"""What billing says by mail about a receipt, with its print."""

from __future__ import annotations

from django.utils.timezone import get_current_timezone

from billing.selectors import receipts as reading
from billing.services import receipt_mails, receipt_prints
from customers.models import Purpose
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.messages.templates import Attachment, Field, Provider, Template, providers, templates

TEXT = """Dear {name}

We received R {amount} on {date}, thank you. The receipt is attached.

Your account code is {code}.
"""


def attached(receipt: int) -> Attachment:
    """The print of a receipt, as it stands when the mail goes out."""
    found = reading.find(receipt)
    if found is None:
        raise DomainError("There is no such receipt.")
    return receipt_prints.pdf(receipt=found, day=stamp().astimezone(get_current_timezone()).date())


providers.register(Provider(name="receipt", fetch=attached, ready=set))
templates.register(
    Template(
        name=receipt_mails.TEMPLATE,
        title="Receipt",
        group="Billing",
        channel="email",
        subject="Receipt for R {amount}",
        text=TEXT,
        purpose=Purpose.INVOICES,
        fields=(
            Field("name", "The customer's name", "Alice Liddel"),
            Field("code", "The customer's code, their payment reference", "ALI001"),
            Field("date", "The day it was received", "2018-08-15"),
            Field("amount", "What was received, in rand", "454.00"),
        ),
        attachments=("receipt",),
        order=35,
    )
)
