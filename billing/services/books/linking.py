"""Whom in the books a customer of ours is, said by a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from billing.models import BooksCustomer, BooksDocument
from billing.services.books import connecting
from customers.models import Customer
from herotill.errors import DomainError, IntegrationError
from herotill.integrations import books as port

SHOWN = 5  # so many of what does not fit are named


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


def carried(*, their_id: str) -> str:
    """The customer code that an ID carries there; nothing where it has none, or the books are not in use.

    Raises DomainError for one that is another customer's of ours, or not there.
    """
    if BooksCustomer.objects.filter(their_id=their_id).exists():
        raise DomainError("Another customer of ours has this ID.", field="their_id")
    if not connecting.connection().is_on:
        return ""
    try:
        there = connecting.books().customer(their_id)
    except IntegrationError as no:
        raise DomainError(f"SageOne must be asked first. {no}") from None
    if there is None:
        raise DomainError("SageOne has no customer with this ID.", field="their_id")
    return there.code


def link_new(*, customer: Customer, their_id: str, carries: str) -> None:
    """Give a customer who was just made the ID there. `carries` is what `carried` said of it."""
    if carries and carries != customer.code:
        raise DomainError(f"In SageOne the customer {their_id} carries the code {carries}.")
    try:
        with transaction.atomic():
            BooksCustomer.objects.create(customer=customer, their_id=their_id)
    except IntegrityError:
        raise DomainError("Another customer of ours has this SageOne ID.") from None


@transaction.atomic
def link_many(*, pairs: Mapping[str, str]) -> int:
    """Link customers by code with those of these IDs there; how many were not yet. All of them, or none.

    Raises DomainError that names what does not fit: an unknown code, an ID that is not there or is somebody's
    else, a customer who is linked with another.
    """
    there = {one.id: one for page in connecting.books(also_off=True).customers() for one in page}
    ours = dict(Customer.objects.filter(code__in=list(pairs)).values_list("code", "pk"))
    linked = dict(BooksCustomer.objects.values_list("customer_id", "their_id"))
    taken = set(linked.values())
    new, troubles = [], []
    for code, their_id in pairs.items():
        pk = ours.get(code)
        if pk is not None and linked.get(pk) == their_id:
            continue
        if trouble := _misfit(code, their_id, there, known=pk is not None, free=their_id not in taken):
            troubles.append(trouble)
        elif pk in linked:
            troubles.append(f"{code} is linked with {linked[pk]} already.")
        elif pk is not None:
            taken.add(their_id)
            new.append(BooksCustomer(customer_id=pk, their_id=their_id))
    if troubles:
        more = f" And {len(troubles) - SHOWN:,} more." if len(troubles) > SHOWN else ""
        raise DomainError(f"Nothing was linked. {' '.join(troubles[:SHOWN])}{more}")
    return len(BooksCustomer.objects.bulk_create(new))


def _misfit(code: str, their_id: str, there: Mapping[str, port.Customer], *, known: bool, free: bool) -> str:
    """Why a customer is not linked with an ID, in words."""
    if not known:
        return f"There is no customer {code}."
    if their_id not in there:
        return f"{code}: SageOne has no customer {their_id}."
    theirs = there[their_id].code
    if theirs and theirs != code:
        return f"{code}: {their_id} carries the code {theirs} in SageOne."
    return "" if free else f"{code}: {their_id} is another customer's of ours."
