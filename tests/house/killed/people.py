"""Whom the stories of several queues are about, and what became of them."""

from __future__ import annotations

from billing.models import Receipt
from customers.models import Customer
from herotill.messages.models import Message
from tests.factories import make_customer


def called(code: str) -> Customer:
    """The customer of one story."""
    return Customer.objects.filter(code=code).first() or make_customer(f"{code.title()} Liddel", code)


def mails(code: str, template: str) -> int:
    """How many messages of this template were written to somebody."""
    return Message.objects.filter(customer_id=called(code).pk, template=template).count()


def receipts_of(code: str) -> list[str]:
    """What was booked as paid by somebody, by its amount."""
    return [str(one.amount) for one in Receipt.objects.filter(customer__code=code).order_by("pk")]
