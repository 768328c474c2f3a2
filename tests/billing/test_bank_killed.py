"""A statement is taken in once: killed in the middle, and given twice at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from billing.models import BankRow, Receipt, StatementImport
from billing.policies.statements import Layout
from billing.services import bank_statements
from customers.models import CustomerBalance
from herotill.models import Run
from tests.factories import make_customer
from tests.factories.banking import bank_account, import_statement, statement_of
from tests.house.workers import Workers, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]
ROWS = 4000


def file() -> bytes:
    """Rows that all post, some of them equal."""
    return statement_of(*(("2018-08-15", f"ABE{row % 40:03}", "1.00") for row in range(ROWS)))


@pytest.fixture
def house(tmp_path: Path, settings) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with workers(tmp_path / "logs") as started:
        started.environment["MEDIA_ROOT"] = settings.MEDIA_ROOT
        yield started


def ask() -> None:
    """Has a worker take the statement in; runs in a process that speaks to the real broker."""
    statement = StatementImport.objects.get()
    bank_statements.start(statement=statement, layout=Layout.of(statement.layout), actor=None)


def test_s26_a_worker_killed_in_the_middle_and_another_take_it_in_once(house: Workers) -> None:
    for number in range(40):
        make_customer(f"Abe {number}", f"ABE{number:03}")
    bank_statements.receive(account=bank_account(), name="august.csv", data=file(), actor=None)
    house.call("from tests.billing.test_bank_killed import ask; ask()")
    first = house.worker()
    house.wait(lambda: BankRow.objects.filter(kind="receipt").exists() or not Run.objects.get().is_open)
    house.kill(first)

    house.worker()
    house.wait(lambda: not Run.objects.get().is_open, meanwhile=house.sweep)
    assert Run.objects.get().state == Run.State.DONE, house.told()
    assert (BankRow.objects.filter(kind="receipt").count(), Receipt.objects.count()) == (ROWS, ROWS)
    assert set(CustomerBalance.objects.values_list("amount", flat=True)) == {-ROWS // 40}


def test_s26_two_of_the_same_file_at_once_add_each_row_once() -> None:
    make_customer("Abe Turtle", "ABE001")
    account, ended = bank_account(), []

    def go() -> None:
        try:
            rows = [("2018-08-15", "ABE001", "454.00")] * 50
            statement, run = import_statement(account, statement_of(*rows))
            ended.append((run.state, statement.added, statement.known))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [("done", 0, 50), ("done", 50, 0)]
    assert Receipt.objects.count() == 50
