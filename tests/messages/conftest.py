"""What is said in these stories: a bill to Alice by mail, a word by SMS, an offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from herotill.messages.templates import Field, Template, templates

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
