"""Results are booked once: their worker is killed in the middle, and another goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from billing.models import CollectionLine, CollectionResult, Receipt, Reversal
from billing.services import collection_results
from customers.models import CustomerBalance
from herotill.models import Run
from herotill.users.models import User
from tests.bench import collection_data
from tests.bench.collection_data import ACTION_DATE, NOW
from tests.factories.collecting import result
from tests.factories.people import make_person
from tests.house.workers import Workers, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]
PEOPLE, EVERY = 6000, 10


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with workers(tmp_path / "logs") as started:
        started.environment["MEDIA_ROOT"] = settings.MEDIA_ROOT
        yield started


def ask() -> None:
    """Has a worker book the rows that were taken in; runs in a process that speaks to the real broker."""
    collection_results.start(channel="netcash", rows=[], actor=User.objects.get(username="thandi"), now=NOW)


def test_a_worker_killed_in_the_middle_and_another_book_every_result_once(house: Workers) -> None:
    collection_data.fill(PEOPLE)
    make_person("Thandi")
    batch = collection_data.released()
    lines = list(CollectionLine.objects.order_by("pk"))
    rows = [_row(line, "TDD", "collected") for line in lines]
    rows += [_row(line, "DRU", "unpaid", code="02") for line in lines[::EVERY]]
    collection_results.take(channel="netcash", rows=rows, run_id=None, now=NOW)

    house.call("from tests.billing.test_collection_results_killed import ask; ask()")
    first = house.worker()
    house.wait(lambda: Receipt.objects.exists() or not Run.objects.get().is_open)
    house.kill(first)
    house.worker()
    house.wait(lambda: not Run.objects.get().is_open, meanwhile=house.sweep)

    assert Run.objects.get().state == Run.State.DONE, house.told()
    assert (Receipt.objects.count(), Reversal.objects.count()) == (PEOPLE, PEOPLE // EVERY)
    assert not CollectionResult.objects.filter(booked_at=None).exists()
    owed = CustomerBalance.objects.aggregate(owed=Sum("amount"))["owed"]
    assert owed == sum(line.amount for line in lines[::EVERY])
    batch.refresh_from_db()
    assert batch.state == "processed"


def _row(line: CollectionLine, told_type: str, kind: str, code: str = "") -> Any:
    return result(
        told_id=str(line.pk),
        told_type=told_type,
        kind=kind,
        code=code,
        day=ACTION_DATE,
        amount=line.amount,
        line_reference=f"HT{line.pk}",
    )
