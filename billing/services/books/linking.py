"""Whom in the books a customer of ours is, said by a person."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from billing.models import BooksCustomer, BooksDocument
from customers.models import Customer
from herotill.errors import DomainError


def link(*, customer: Customer, their_id: str) -> None:
    """Set a customer's ID there. Raises DomainError for one that is another's, and where documents are there.

    What is theirs under the old ID stays under it; so whoever has documents there is not moved.
    """
    present = BooksCustomer.objects.filter(customer=customer).first()
    if present and present.their_id == their_id:
        raise DomainError("This is the ID already.", field="their_id")
    if present and BooksDocument.objects.filter(document__customer=customer).exists():
        raise DomainError(
            f"Documents of {customer} stand in SageOne under {present.their_id}; move them there first, which"
            " SageOne does by merging the two customers.",
            field="their_id",
        )
    try:
        with transaction.atomic():
            BooksCustomer.objects.update_or_create(
                customer=customer, defaults={"their_id": their_id, "sent": "", "synced_at": None}
            )
    except IntegrityError:
        raise DomainError("Another customer of ours has this ID.", field="their_id") from None
