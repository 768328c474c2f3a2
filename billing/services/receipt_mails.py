"""Mailing a receipt to whoever gets the customer's invoices."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing.models import Receipt
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.users.models import User

TEMPLATE, SUBJECT = "receipt", "receipt"


@transaction.atomic
def send(*, receipt: Receipt, now: datetime, actor: User) -> None:
    """Queue the mail of a receipt. Pressed again within a minute, it is the same mail.

    Raises DomainError for a receipt of the old system's history, about which nobody is written to.
    """
    if receipt.before:
        raise DomainError("This receipt is history of the system before; it is not mailed.")
    customer = receipt.customer
    outbox.queue(
        template=TEMPLATE,
        customer_id=customer.pk,
        context={
            "name": customer.name,
            "code": customer.code,
            "date": receipt.receipt_date.isoformat(),
            "amount": f"{receipt.amount:,.2f}",
        },
        subject_kind=SUBJECT,
        subject_id=receipt.pk,
        key=f"receipt-{receipt.pk}-{now:%Y%m%d%H%M}",
        now=now,
        actor_id=actor.pk,
    )
