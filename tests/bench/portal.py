"""The customers' pages: home with every card filled, and the pages that are read most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import DataAccount
from tests.bench.data_accounts_data import network
from tests.bench.pages import PageBench
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.changes import ask_change
from tests.factories.helpdesk import make_ticket
from tests.factories.workflow import make_quote
from tests.portal.conftest import at_portal

READ = ("", "bills/", "bills/statement/", "services/", "usage/", "tickets/", "details/", "outages/")


@dataclass(frozen=True)
class PortalPages:
    """Pages of one customer among many against the floor view; what is made for it is rolled back."""

    name: str
    paths: tuple[str, ...]

    def run(self, size: int) -> dict[str, Any]:
        with network(), transaction.atomic():
            customer = _busy()
            told = PageBench(self.name, lambda browser: self._addresses(browser, customer)).run(size)
            transaction.set_rollback(True)
        return told

    def _addresses(self, browser: Client, customer: Customer) -> Sequence[str]:
        """The pages, once the browser holds the customer's log-in beside that of staff."""
        own = next(iter(settings.PORTAL_COOKIES.values()))
        browser.cookies[own] = at_portal(customer).cookies[own].value
        return [f"/portal/{path}" for path in self.paths]


def _busy() -> Customer:
    """Somebody with a used account, bills, a ticket, a quote and a request."""
    account = DataAccount.objects.filter(state="active").order_by("pk")[7]
    customer = Customer.objects.get(pk=account.customer_id)
    today, now = timezone.localdate(), timezone.now()
    for _ in range(6):
        make_invoice(customer, "454.00", today.replace(day=1))
    make_receipt(customer, "500.00", today)
    make_ticket(customer, now=now)
    make_quote(customer=customer, now=now)
    ask_change(customer, vat_number="4123456789", now=now)
    return customer
