"""What is said in these stories: a bill to Alice by mail, a word by SMS, an offer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from herotill.messages.templates import Field, Template, templates
from tests.messages.mailserver import Sink, mail_server

BILL = Template(
    name="test-bill",
    title="A bill",
    group="Tests",
    channel="email",
    purpose="invoices",
    subject="Your bill {number}",
    text="Dear {name},\n\nplease pay {amount}.\n",
    fields=(
        Field("name", "The customer's name", "Thandi Mokoena"),
        Field("number", "The bill's number", "INV00699"),
        Field("amount", "What is due", "R 454.00"),
    ),
)
WORD = Template(
    name="test-word",
    title="A word",
    group="Tests",
    channel="sms",
    purpose="outages",
    text="{name}, the tower is down.",
    fields=(Field("name", "The customer's name", "Thandi Mokoena"),),
)
OFFER = Template(
    name="test-offer",
    title="An offer",
    group="Tests",
    channel="email",
    purpose="sales",
    subject="Faster for less",
    text="Dear {name}, take fibre.",
    fields=(Field("name", "The customer's name", "Thandi Mokoena"),),
    marketing=True,
)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """The templates of these stories."""
    for one in (BILL, WORD, OFFER):
        templates.register(one)
    yield
    for one in (BILL, WORD, OFFER):
        templates.unregister(one.name)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def sink(settings: Any, free_port: int) -> Iterator[Sink]:
    """A real mail server, to which all mail goes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    found = Sink()
    with mail_server(found, free_port):
        yield found
