"""Contacts of a customer. Every purpose stays held by somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from customers.models import Contact, Customer, Purpose
from customers.services import facts
from herotill.errors import DomainError
from herotill.users.models import User


def _lock(customer: Customer) -> None:
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)


def _check_purposes(customer: Customer) -> None:
    """Refuse what the database would refuse at commit, in words and while the form is still open."""
    held = {
        purpose
        for purposes in Contact.objects.filter(customer=customer).values_list("purposes", flat=True)
        for purpose in purposes
    }
    missing = [label for value, label in Purpose.choices if value not in held]
    if missing:
        names = ", ".join(missing)
        raise DomainError(
            f"Nobody would be left for: {names}. Give it to another contact first.", field="purposes"
        )


def _current(contact: Contact) -> Contact:
    """The contact as it is now, its customer being locked."""
    found = Contact.objects.filter(pk=contact.pk).first()
    if found is None:
        raise DomainError("Somebody else removed this contact a moment ago.")
    return found


def _make_primary(contact: Contact) -> None:
    Contact.objects.filter(customer_id=contact.customer_id, is_primary=True).exclude(pk=contact.pk).update(
        is_primary=False
    )
    Contact.objects.filter(pk=contact.pk).update(is_primary=True)


@transaction.atomic
def add(*, customer: Customer, values: Mapping[str, Any], actor: User) -> Contact:
    """Add a person; the first becomes primary. `values` are fields of Contact by name."""
    _lock(customer)
    primary = bool(values.get("is_primary"))
    contact = Contact.objects.create(customer=customer, **{**values, "is_primary": False})
    if primary:
        _make_primary(contact)
    _tell(customer)
    return contact


def _tell(customer: Customer) -> None:
    facts.changed({customer.pk: ["contacts"]})


@transaction.atomic
def change(*, contact: Contact, values: Mapping[str, Any], actor: User) -> Contact:
    """Change the named fields. A changed email has to be verified again before it opens the portal."""
    _lock(contact.customer)
    current = _current(contact)
    wanted = dict(values)
    primary = wanted.pop("is_primary", current.is_primary)
    if current.is_primary and not primary:
        raise DomainError("Make another contact the primary one instead.", field="is_primary")
    if "email" in wanted and wanted["email"] != current.email:
        wanted["email_verified_at"] = None
    if wanted:
        Contact.objects.filter(pk=contact.pk).update(**wanted)
    if primary and not current.is_primary:
        _make_primary(current)
    _check_purposes(contact.customer)
    _tell(contact.customer)
    return Contact.objects.get(pk=contact.pk)


@transaction.atomic
def remove(*, contact: Contact, actor: User) -> None:
    """Take a contact away, unless it is the primary one or the last to hold a purpose."""
    _lock(contact.customer)
    if _current(contact).is_primary:
        raise DomainError("The primary contact stays. Make another contact primary first.")
    contact.delete()
    _check_purposes(contact.customer)
    _tell(contact.customer)
