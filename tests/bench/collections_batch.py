"""A debit batch built, checked, released and written, and its results booked, against COPY of the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection, transaction

from billing.collecting import ResultRow, line_reference
from billing.models import CollectionLine, Receipt
from billing.services import batches, collection_results
from herotill.bulk import copy_rows
from herotill.users.grants import ADMINISTRATOR
from tests.bench import collection_data
from tests.bench.collection_data import ACTION_DATE, NOW
from tests.bench.data import scratch
from tests.bench.pages import PageBench
from tests.factories.people import in_role, make_person

ROUNDS = 3
EVERY = 20  # so many collections, one comes back
BATCH = ("billing_collectionline", "billing_collectedentry", "billing_leftout")
STATEMENT = (
    "billing_collectionresult",
    "billing_receipt",
    "billing_reversal",
    "billing_entry",
    "billing_allocation",
)


@dataclass(frozen=True)
class BatchBench:
    """The batch of everybody by the product, and its rows by COPY, in turn."""

    name: str = "collections.batch"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            collection_data.fill(size)
            products, floors = [], []
            for number in range(ROUNDS):
                seconds, batch = _built(number)
                products.append(seconds)
                if batch.lines != size:
                    raise RuntimeError(f"{batch.lines} lines of {size}.")
                floors.append(floor(BATCH))
                batches.cancel(batch=batch, why="Once more", actor=make_person(f"Canceller {number}"))
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE billing_collectionline, billing_collectedentry")
        return figures(self.name, size, median(products), median(floors))


def _built(number: int) -> tuple[float, Any]:
    started = time.perf_counter()
    batch = collection_data.released(number)
    content = batches.contents(batches.prepared(batch=batch, actor=None, now=NOW))
    seconds = time.perf_counter() - started
    batch.refresh_from_db()
    if content.count(b"\nT\t") != batch.lines:
        raise RuntimeError("The file does not hold every line.")
    return seconds, batch


@dataclass(frozen=True)
class StatementBench:
    """The results of a batch, one of twenty unpaid, taken in and booked."""

    name: str = "collections.statement"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            collection_data.fill(size)
            told = _told()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            started = time.perf_counter()
            collection_results.book(channel="netcash", rows=told, run_id=None, now=NOW, actor=None)
            seconds = time.perf_counter() - started
            if Receipt.objects.count() != size:
                raise RuntimeError("Not every collection is booked.")
            least = median(floor(STATEMENT) for _ in range(ROUNDS))
        return figures(self.name, size, seconds, least)


def _told() -> list[ResultRow]:
    batch = collection_data.released()
    batches.prepared(batch=batch, actor=None, now=NOW)
    rows = []
    for place, line in enumerate(CollectionLine.objects.filter(batch=batch).order_by("pk")):
        shared: dict[str, Any] = {
            "amount": line.amount,
            "reference": line.reference,
            "line_reference": line_reference(line.pk),
        }
        rows.append(ResultRow(str(line.pk), "TDD", "collected", ACTION_DATE, **shared))
        if place % EVERY == 0:
            back = ACTION_DATE + timedelta(days=3)
            rows.append(ResultRow(f"U{line.pk}", "DRU", "unpaid", back, code="02", **shared))
    return rows


def floor(tables: tuple[str, ...]) -> float:
    """Seconds that COPY takes for the rows that these tables now hold, into tables of the same make."""
    found = {table: collection_data.copied(table) for table in tables}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE floor_{table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
        seconds = _timed(
            lambda: [copy_rows(f"floor_{table}", names, rows) for table, (names, rows) in found.items()]
        )
    return seconds


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def figures(name: str, size: int, seconds: float, floor: float) -> dict[str, Any]:
    """A line of the bench."""
    return {
        "bench": name,
        "n": size,
        "seconds": round(seconds, 3),
        "per_second": round(size / seconds),
        "floor_seconds": round(floor, 3),
        "ratio": round(seconds / floor, 2),
    }


@dataclass(frozen=True)
class BatchPages:
    """The pages of a batch of everybody against the floor view."""

    name: str = "collections.pages"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            collection_data.fill(size)
            batch = collection_data.build()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            in_role("Admin", ADMINISTRATOR)
            asked = [
                f"/billing/batches/{batch.pk}/",
                *(f"/billing/batches/{one}" for one in _lists(batch.pk)),
            ]
            return PageBench(self.name, lambda browser: asked, times=60).run(size)


def _lists(batch: int) -> list[str]:
    of_lines = ("", "&sort=amount", "&state=planned", "&q=C0000012")
    return ["", *(f"lines/?batch={batch}{asked}" for asked in of_lines), f"left-out/?batch={batch}"]
