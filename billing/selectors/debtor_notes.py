"""What is read of debtor notes."""

from __future__ import annotations

from billing.models import DebtorNote
from customers.models import Customer
from herotill.messages.models import Message
from herotill.reading import reading


def of(*, customer: Customer, limit: int) -> list[DebtorNote]:
    """A customer's notes, the newest first; one more than `limit`, where there are more."""
    found = DebtorNote.objects.using(reading()).filter(customer=customer).select_related("author")
    return list(found.order_by("-pk")[: limit + 1])


def mail_of(key: str) -> int | None:
    """The message that was written under this key."""
    return Message.objects.filter(key=key).order_by("pk").values_list("pk", flat=True).first()
