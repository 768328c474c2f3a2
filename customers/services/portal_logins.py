"""Letting a customer into the portal, and out of it."""

from __future__ import annotations

from datetime import datetime

from customers.models import Contact, Customer, PortalLogin
from herotill.errors import DomainError
from herotill.users.models import User
from herotill.users.services import portal_access


def _login_of(customer: Customer) -> User:
    login = PortalLogin.objects.select_related("user").filter(customer=customer).first()
    if login is None:
        raise DomainError("This customer has no portal log-in.")
    return login.user


def send_link(*, customer: Customer, contact: Contact, actor: User) -> None:
    """Owe the contact a single-use link by which the customer's password is set."""
    portal_access.send_link(user=_login_of(customer), email=contact.email, actor=actor)


def end(*, customer: Customer, now: datetime, actor: User) -> int:
    """End the customer's portal log-ins, password and open links; returns how many log-ins there were."""
    return portal_access.end(user=_login_of(customer), now=now)
