"""Change requests as customers and staff make them. Account numbers are made up, and pass the banks' rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from billing.models import PayerBank
from customers.models import Customer
from tests.factories.mandates import ABSA
from workflow.models import ChangeRequest
from workflow.services import change_requests

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def ask_change(customer: Customer, kind: str = "details", **wanted: Any) -> ChangeRequest:
    """A request from the customer's own hand; `number`, `actor`, `now` and `document` are no fields of it."""
    given = {"actor": None, "now": NOW} | {
        name: wanted.pop(name) for name in ("number", "actor", "now", "document", "words") if name in wanted
    }
    return change_requests.ask(customer=customer, kind=kind, wanted=wanted, **given)


def new_account(bank: str = "Absa", **more: str) -> dict[str, str]:
    """A debit order from another account."""
    found = PayerBank.objects.get(name=bank)
    return {
        "method": "debit_order",
        "debit_day": "25",
        "bank": str(found.pk),
        "branch_code": found.branch_code,
        "holder": "A Liddel",
        "account_type": "current",
        "number": ABSA,
    } | more
