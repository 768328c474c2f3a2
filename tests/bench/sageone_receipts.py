"""Receipts that come down from SageOne, its limits lifted, against COPY of the rows they become."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection
from django.test import override_settings

from billing.models import BankAccount, BooksAccount, BooksCustomer, Receipt
from billing.services import books_receipts
from billing.services.books import connecting
from customers.models import Customer
from herotill import outward
from herotill.integrations.sageone.standin import SageStandIn
from tests.bench import collection_data
from tests.bench.collections_batch import figures, floor
from tests.bench.data import scratch
from tests.factories.books import STARTS, connect

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY = date(2026, 11, 2)
OF_EACH, ROUNDS = 10, 3
ROWS = ("billing_booksreceipt", "billing_receipt", "billing_entry", "billing_allocation")


@dataclass(frozen=True)
class SageBench:
    """`size` receipts, ten of each customer, told by a server on this machine and booked."""

    name: str = "sageone.receipts"
    own_data: bool = True

    def run(self, size: int) -> dict[str, Any]:
        with scratch(), SageStandIn(a_minute=1_000_000_000) as sage:
            lifted = {"SAGEONE_SECONDS_APART": 0.0, "SAGEONE_A_MINUTE": 0, "SAGEONE_A_DAY": 0}
            with override_settings(SAGEONE_URL=sage.url, OUTBOUND_ALLOW=["127.0.0.1"], **lifted):
                _fill(sage, size)
                began = time.perf_counter()
                made = books_receipts.read(
                    books=connecting.books(), company="1", cut_over=STARTS, now=NOW, whole=True
                )
                seconds = time.perf_counter() - began
            if (made.booked, Receipt.objects.count()) != (size, size):
                raise RuntimeError("Not every receipt is booked.")
            least = median(floor(ROWS) for _ in range(ROUNDS))
        return figures(self.name, size, seconds, least)


def _fill(sage: SageStandIn, size: int) -> None:
    outward.take()
    collection_data.fill(max(1, size // OF_EACH))
    connect()
    ours = BankAccount.objects.create(name="Sage Pay", source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.create(company="1", their_id="1", name="Sage Pay", account=ours)
    people = list(Customer.objects.order_by("pk").values_list("pk", "code"))
    BooksCustomer.objects.bulk_create(
        BooksCustomer(customer_id=pk, their_id=sage.add_customer(code, code)) for pk, code in people
    )
    theirs = list(BooksCustomer.objects.order_by("pk").values_list("their_id", flat=True))
    for number in range(size):
        sage.add_receipt(theirs[number % len(theirs)], Decimal("45.40"), DAY, reference=f"R{number}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
