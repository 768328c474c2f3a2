"""Debits of invented people as Netcash takes them; the account numbers pass their banks' rules, and are nobody's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.models import BankService
from billing.policies import account_checks
from billing.services import bank_services
from herotill import approvals
from herotill.integrations.netcash import CardDebit, Debit, File, Keys
from herotill.integrations.netcash.standin import KEYS
from tests.factories.people import make_person

ACTION = date(2026, 12, 1)
TYPES = {"1": "current", "2": "savings", "3": "transmission"}
BRANCHES = {"250655": "fnb", "632005": "absa", "051001": "standard", "470010": "capitec", "198765": "nedbank"}


def judged(kind: str, number: str, branch: str) -> bool:
    """Whether a bank's own rule lets this number pass."""
    return account_checks.check(BRANCHES.get(branch, ""), TYPES[kind], number, branch)


def debit(reference: str = "ALI001", amount: str = "756.49", **other: Any) -> Debit:
    """Alice's debit, but for what is said otherwise."""
    values: dict[str, Any] = {
        "name": "Alice Liddel",
        "holder": "A Liddel",
        "account_type": "1",
        "branch_code": "250655",
        "number": "62194875749",
        "extras": ("HT1", reference, ""),
    }
    return Debit(reference=reference, amount=Decimal(amount), **values | other)


def card(reference: str = "ALI001", amount: str = "756.49", **other: Any) -> CardDebit:
    """Alice's card, but for what is said otherwise."""
    values: dict[str, Any] = {
        "name": "Alice Liddel",
        "holder": "Alice Liddel",
        "brand": "2",
        "expires_on": date(2028, 2, 29),
        "token": "6c6f4d9e-0000-4a01-token",
        "last_four": "1234",
        "extras": ("HT1", reference, ""),
    }
    return CardDebit(reference=reference, amount=Decimal(amount), **values | other)


def file(*debits: Debit, name: str = "Run 1 of 1 December", **other: Any) -> File:
    """Alice and Bob, but for what is said otherwise."""
    given = debits or (debit(), debit("BOB001", "100.00", number="62448347824", extras=("HT2", "", "")))
    return File(name, other.pop("action_date", ACTION), given, **other)


def service_with_keys(keys: Keys = KEYS, **values: Any) -> BankService:
    """The debit-order service as it is in use: Greta asked for its keys, Hugo approved them."""
    now = datetime(2018, 1, 1, 8, tzinfo=UTC)
    right = "billing.change_bankservice"
    greta, hugo = (make_person(f"{who} of the service", right) for who in ("Greta", "Hugo"))
    one = BankService.objects.get(kind="netcash")
    wanted = {"debit_key": keys.debit, "account_key": keys.account}
    asked = bank_services.ask_for_keys(service=one, wanted=wanted, reason="New", actor=greta, now=now)
    approvals.decide(request=asked, approve=True, actor=hugo, now=now)
    one.refresh_from_db()
    for name, value in ({"is_on": True} | values).items():
        setattr(one, name, value)
    one.save(update_fields=["is_on", *values])
    return one
