"""What customers change of their contacts by themselves, in the portal. Whoever was the contact is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.models import Contact, Customer
from customers.services import contacts
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.users.models import User

TEMPLATE, SUBJECT = "own-contacts-changed", "contact"
OWN = ("name", "position", "email", "phone", "other_phone", "purposes")
MOST = 20
PRIMARY = "The main contact is changed by a request, which we look at first."


@transaction.atomic
def add(*, customer: Customer, values: Mapping[str, Any], actor: User, now: datetime) -> Contact:
    """Another person at the customer. Raises DomainError where there are too many already."""
    told = _old_addresses(customer)
    made = contacts.add(customer=customer, values=_own(values), actor=actor)
    if Contact.objects.filter(customer=customer).count() > MOST:
        raise DomainError(f"You have {MOST} contacts already. Remove one first.")
    _tell(customer, told, f"{made.name} was added", actor, now)
    return made


@transaction.atomic
def change(*, contact: Contact, values: Mapping[str, Any], actor: User, now: datetime) -> Contact:
    """Change a contact; of the main one only what is sent to them. Raises DomainError for anything else of it."""
    wanted = _own(values)
    if contact.is_primary and set(wanted) - {"purposes"}:
        raise DomainError(PRIMARY)
    told = _old_addresses(contact.customer, contact)
    made = contacts.change(contact=contact, values=wanted, actor=actor)
    _tell(contact.customer, told, f"{made.name} was changed", actor, now)
    return made


@transaction.atomic
def remove(*, contact: Contact, actor: User, now: datetime) -> None:
    """Take a contact away, unless it is the main one or the last who gets something."""
    told, name = _old_addresses(contact.customer, contact), contact.name
    contacts.remove(contact=contact, actor=actor)
    _tell(contact.customer, told, f"{name} was removed", actor, now)


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    """What customers may say of a contact; nothing makes one the main one here."""
    if unknown := set(values) - set(OWN):
        raise DomainError(
            f"Somebody asked for something that cannot be asked for: {sorted(unknown)[0][:40]}."
        )
    return dict(values)


def _old_addresses(customer: Customer, contact: Contact | None = None) -> list[str]:
    """Where whoever is the contact before it counts is told. A reseller hears of its own clients (safety 14)."""
    if customer.master and customer.master.is_reseller:
        return [customer.master.contact_email]
    main = Contact.objects.filter(customer=customer, is_primary=True).values_list("email", flat=True).first()
    own = Contact.objects.filter(pk=contact.pk).values_list("email", flat=True).first() if contact else ""
    return [one for one in dict.fromkeys((main, own)) if one]


def _tell(customer: Customer, to: Sequence[str], what: str, actor: User, now: datetime) -> None:
    outbox.queue_many(
        (
            outbox.New(
                customer_id=customer.pk,
                to=address,
                context={"name": customer.name, "code": customer.code, "what": what},
            )
            for address in to
        ),
        template=TEMPLATE,
        now=now,
        actor_id=actor.pk,
    )
