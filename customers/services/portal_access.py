"""Letting a customer's contacts into the portal, and out of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Contact, Customer, PortalLogin, Purpose
from herotill.errors import DomainError
from herotill.users.models import AccessLink, User
from herotill.users.services import portal_access


@transaction.atomic
def send_link(*, contact: Contact, actor: User) -> AccessLink:
    """Owe this contact a link to set the customer's portal password; using it verifies their email.

    A customer without a log-in gets one. Nudge the job `log-in-mail` to send at once.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=contact.customer_id)
    current = Contact.objects.get(pk=contact.pk)
    if Purpose.PORTAL not in current.purposes:
        raise DomainError(f"Give {current.name} the purpose portal access first.")
    if not current.email:
        raise DomainError(f"{current.name} has no email address.")
    return portal_access.send_link(user=_log_in_of(customer), email=current.email, actor=actor)


def _log_in_of(customer: Customer) -> User:
    found = PortalLogin.objects.filter(customer=customer).select_related("user").first()
    if found:
        return found.user
    user = portal_access.open_login(username=customer.code, name=customer.name[:200])
    PortalLogin.objects.create(customer=customer, user=user)
    return user


@transaction.atomic
def end(*, customer: Customer, actor: User, now: datetime) -> int:
    """End the customer's log-ins, links and password; returns how many were logged in."""
    found = PortalLogin.objects.filter(customer=customer).select_related("user").first()
    return portal_access.end(user=found.user, now=now) if found else 0
