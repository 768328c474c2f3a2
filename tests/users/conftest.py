"""The people of these stories: Alice is staff, Carol a customer, Dora has no right at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from customers.models import Customer, PortalLogin
from herotill.messages.services import sending
from herotill.users.models import User
from herotill.users.services import links
from tests.factories import make_customer
from tests.factories.people import in_role

PASSWORD = "correct horse battery"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def alice() -> User:
    return with_password(in_role("Alice", "support", email="alice@isp.example"))


@pytest.fixture
def naledi() -> User:
    """An administrator."""
    return with_password(in_role("Naledi", "administrator", email="naledi@isp.example"))


@pytest.fixture
def thabo() -> User:
    """Another administrator."""
    return with_password(in_role("Thabo", "administrator", email="thabo@isp.example"))


@pytest.fixture
def dora() -> User:
    return with_password(in_role("Dora", email="dora@isp.example"))


@pytest.fixture
def carol() -> User:
    """A customer's log-in whose contact carol@example.com is verified."""
    return portal_user("CAR001", "Carol Petersen", "carol@example.com")


def with_password(user: User, password: str = PASSWORD) -> User:
    user.set_password(password)
    user.save()
    return user


def portal_user(code: str, name: str, email: str, *, verified: bool = True) -> User:
    customer: Customer = make_customer(name, code, contact={"email": email})
    user = with_password(User.objects.create_user(code, None, kind=User.Kind.PORTAL, name=name))
    PortalLogin.objects.create(customer=customer, user=user)
    if verified:
        customer.contacts.update(email_verified_at=timezone.now())
    return user


def log_in(
    client: Client, username: str, password: str = PASSWORD, door: str = "/login/", **more: Any
) -> Any:
    return client.post(door, {"username": username, "password": password, **more})


def send_owed(now: datetime | None = None) -> int:
    """Answer who asked, and send every mail that is owed; how many went out."""
    links.answer_asked(now=now or timezone.now())
    return int(sending.send_mail(now or timezone.now()).partition(" ")[0])


def mailed_links() -> list[str]:
    """The paths of the links in the mails that went out."""
    found = [re.search(r"https?://[^/]+(/\S+)", str(message.body)) for message in mail.outbox]
    return [each.group(1) for each in found if each]


@pytest.fixture
def link_for() -> Callable[..., str]:
    """Sends a link to somebody and returns its path."""

    def send(user: User, email: str, at: datetime | None = None) -> str:
        links.owe(user=user, email=email, actor=None)
        send_owed(at)
        return mailed_links()[-1]

    return send


def in_future(**delta: int) -> datetime:
    return timezone.now() + timedelta(**delta)
