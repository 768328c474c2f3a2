"""Cards of the portal's home: what waits for the customer here."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from customers.models import Customer
from customers.selectors import own_things
from workflow.selectors import quotes as reading


def check(customer: Customer) -> dict[str, Any] | None:
    """That staff asked them to look through their details."""
    found = own_things.check_waiting(customer)
    return {"check": found} if found else None


def quotes(customer: Customer) -> dict[str, Any] | None:
    """The quotes that wait for their answer."""
    found = reading.to_answer(customer, timezone.localdate())
    return {"quotes": found} if found else None
