"""The lists and reports of billing, of a book of two years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.test import Client
from django.utils import timezone

from billing.models import Document
from billing.services import month_sums, pictures
from herotill.months import Month
from tests.bench.history import ledger
from tests.bench.pages import PageBench


@dataclass(frozen=True)
class LedgerPages:
    """Pages against the floor view, once the hourly sums and the day's picture have been made."""

    name: str
    addresses: Callable[[Client], Sequence[str]]

    def run(self, size: int) -> dict[str, Any]:
        with ledger(customers=size):
            month_sums.sum_up(timezone.now())
            pictures.renew(timezone.now())
            return PageBench(self.name, self.addresses).run(size)


def ageing_list(browser: Client) -> Sequence[str]:
    """Every sort, both ways; filters by themselves and with a sort that no index serves."""
    sorts = "code name days120 days90 days60 days30 current total".split()
    asked = [f"sort={way}{name}" for name in sorts for way in ("", "-")]
    asked += ["owing=days120", "status=active&sort=-current", "total_min=500&total_max=2000", "q=ali"]
    return [f"/billing/age-analysis/?{one}" for one in asked]


def documents_list(browser: Client) -> Sequence[str]:
    """Sorts; states, kinds, months and amounts, many and few; numbers and codes."""
    month = _newest().plus(-8)
    asked = ["sort=date", "sort=-date", "sort=number", "sort=-number"]
    asked += [f"state={state}" for state in "draft unpaid part paid credited written_off credit used".split()]
    asked += ["kind=invoice", "kind=credit_note", "kind=credit_note&sort=-number", "before=true"]
    asked += [f"period={month}", f"period={month}&state=paid", f"from={month.first}&to={month.last}"]
    asked += [
        f"{days}&sort={way}number" for days in (f"period={month}", f"from={month.first}") for way in ("", "-")
    ]
    asked += [f"from={month.first}&to={month.last}&sort=-number", f"run={month.first:%Y%m}"]
    asked += ["amount_min=500&amount_max=600", "amount_min=100000", "amount_max=10"]
    asked += ["q=INV0001", "q=INV000012345", "q=ALI001", "q=ZZZ"]
    return [f"/billing/documents/?{one}" for one in asked]


def reports(browser: Client) -> Sequence[str]:
    """Each as it opens, and over all there is."""
    last = _newest().last
    whole = f"first={Month.of(last).plus(-23).first}&last={last}"
    opened = "revenue vat debtors unallocated next-run received".split()
    longest = [f"{name}/?{whole}" for name in ("revenue", "vat", "received")]
    return [f"/reports/{one}" for one in (*(f"{name}/" for name in opened), *longest)]


def _newest() -> Month:
    day: date = Document.objects.aggregate(last=Max("document_date"))["last"]
    return Month.of(day)
