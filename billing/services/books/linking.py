"""Whom in the books a customer of ours is, said by a person."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from billing.models import BooksCustomer, BooksDocument
from billing.services.books import connecting
from customers.models import Customer
from herotill.errors import DomainError, IntegrationError


def link(*, customer: Customer, their_id: str) -> None:
    """Set a customer's ID there. Raises DomainError for one that is another's or that is not there.

    What is theirs under the old ID stays under it; so whoever has documents there is moved only once the old one
    is there no longer, which is so after a merge. While the books are in use they are asked.
    """
    present = BooksCustomer.objects.filter(customer=customer).first()
    if present and present.their_id == their_id:
        raise DomainError("This is the ID already.", field="their_id")
    merged = _asked(customer, present, their_id) if connecting.connection().is_on else False
    if present and not merged and BooksDocument.objects.filter(document__customer=customer).exists():
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


def _asked(customer: Customer, present: BooksCustomer | None, their_id: str) -> bool:
    """Whether the old ID is there no longer. Raises DomainError for a new one that is not, or is somebody else."""
    try:
        books = connecting.books()
        there, old = books.customer(their_id), books.customer(present.their_id) if present else None
    except IntegrationError as no:
        raise DomainError(f"SageOne must be asked first. {no}") from None
    if there is None:
        raise DomainError("SageOne has no customer with this ID.", field="their_id")
    if there.code and there.code != customer.code:
        raise DomainError(f"In SageOne this is {there.name}, with the code {there.code}.", field="their_id")
    return old is None
