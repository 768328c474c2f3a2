"""Letting a customer into the portal, and out of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Contact, Customer, PortalLogin, Purpose
from herotill.errors import DomainError
from herotill.users.models import AccessLink, User
from herotill.users.services import portal_access

WELCOME = "welcome"


@transaction.atomic
def send_link(*, customer: Customer, contact: Contact, actor: User) -> AccessLink:
    """Owe the contact a single-use link by which the customer's password is set; using it verifies their email.

    A customer without a log-in gets one.
    """
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    current = Contact.objects.get(pk=contact.pk, customer=locked)
    if Purpose.PORTAL not in current.purposes:
        raise DomainError(f"Give {current.name} the purpose portal access first.")
    if not current.email:
        raise DomainError(f"{current.name} has no email address.")
    return portal_access.send_link(user=_login_of(locked), email=current.email, actor=actor)


@transaction.atomic
def welcome(*, customer: Customer, actor: User | None) -> AccessLink:
    """Owe a new customer the welcome mail: their code, and the link by which they choose a password."""
    contact = Contact.objects.get(customer=customer, is_primary=True)
    return portal_access.send_link(
        user=_login_of(customer), email=contact.email, actor=actor, template=WELCOME
    )


def _login_of(customer: Customer) -> User:
    login = PortalLogin.objects.select_related("user").filter(customer=customer).first()
    if login is not None:
        return login.user
    user = portal_access.open_login(username=customer.code, name=customer.name[:200])
    PortalLogin.objects.create(customer=customer, user=user)
    return user


@transaction.atomic
def end(*, customer: Customer, now: datetime, actor: User) -> int:
    """End the customer's portal log-ins, password and open links; returns how many log-ins there were."""
    login = PortalLogin.objects.select_related("user").filter(customer=customer).first()
    if login is None:
        raise DomainError("This customer has no portal log-in.")
    return portal_access.end(user=login.user, now=now)
