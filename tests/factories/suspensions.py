"""Suspension as its tests need it: switched on, a day and an hour of business, and who owes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from billing.models import SuspensionCase, SuspensionRules
from billing.services import suspensions
from customers.models import BillingGroup, Customer
from herotill.users.models import User
from tests.factories.billing import make_invoice

HERE = ZoneInfo("Africa/Johannesburg")
DUE = date(2026, 3, 2)  # a Monday; the company warns on day 7 and 12 and suspends on day 15


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a day here."""
    return datetime.combine(day, time(hour), HERE).astimezone(UTC)


def day(number: int) -> date:
    """So many days after the due date."""
    return DUE + timedelta(days=number)


def switch_on(**values: Any) -> SuspensionRules:
    """Suspension is on, at any hour of business days."""
    given = {"enabled": True, "from_hour": 0, "until_hour": 24} | values
    SuspensionRules.objects.update(**given)
    return SuspensionRules.objects.get()


def make_debtor(customer: Customer, amount: str = "454.00", due: date = DUE) -> Customer:
    """Who has not paid an invoice that was due."""
    make_invoice(customer, amount, due - timedelta(days=7), due=due)
    return customer


def run_on(number: int, hour: int = 10) -> dict[str, int]:
    """The collections day, so many days after the due date."""
    return dict(suspensions.run(day(number), at(day(number), hour)))


def case_of(customer: Customer) -> SuspensionCase:
    """The newest case."""
    return SuspensionCase.objects.filter(customer=customer).latest("pk")


def approve(customer: Customer, actor: User, number: int) -> None:
    """Approve a customer's case so many days after the due date."""
    suspensions.approve(cases=[case_of(customer).pk], actor=actor, now=at(day(number)))


def make_group(**days: int) -> BillingGroup:
    """A billing group with its own days."""
    return BillingGroup.objects.create(name="Netcash Run 1", **days)
