"""A second bank format is one new file: it is registered, and everything works with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from billing.collecting import channels
from billing.models import BankAccount, CollectionLine, ResultStatement
from billing.services import batches, result_statements
from customers.models import CustomerBalance
from herotill import runs
from herotill.errors import DomainError
from tests.billing.karoo_bank import KarooBank
from tests.factories import client_of, make_person
from tests.factories.collecting import NOW, make_batch, make_group, make_payer

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def karoo() -> Iterator[KarooBank]:
    yield channels.register(KarooBank())
    channels.unregister("karoo")


def test_a_second_format_goes_the_whole_way(karoo: KarooBank) -> None:
    group = make_group()
    make_payer("ALI001", group, "454.00")
    make_payer("BOB001", group, "100.00")
    mary, zoe = make_person("Mary"), make_person("Zoe")
    batch = make_batch(group, actor=mary, channel="karoo")
    with pytest.raises(DomainError, match="Make an account of ours"):
        batches.release(batch=batch, actor=zoe, now=NOW)
    BankAccount.objects.create(name="Karoo Bank", source="batch")
    batches.release(batch=batch, actor=zoe, now=NOW)

    lines = batches.file_of(batch=batch, actor=mary, now=NOW).decode().splitlines()
    assert lines[0].endswith(";2018-08-27")
    assert lines[2:] == [
        f"ALI001;HT{line_of('ALI001')};A Liddel;632005;4052601815;45400",
        f"BOB001;HT{line_of('BOB001')};A Liddel;632005;4052601815;10000",
    ]
    with pytest.raises(DomainError, match="takes files by hand"):
        batches.send(batch=batch, actor=mary, now=NOW)
    assert batches.mark_sent(batch=batch, actor=mary, now=NOW).state == "sent"

    told = f"1;2018-08-27;ALI001;HT{line_of('ALI001')};45400;\n2;2018-08-28;BOB001;HT{line_of('BOB001')};10000;02\n"
    for _ in range(2):
        run = result_statements.receive(channel="karoo", name="k.csv", data=told.encode(), actor=mary)
        runs.work(run.pk)
    assert [one.known for one in ResultStatement.objects.order_by("pk")] == [0, 2]
    states = dict(CollectionLine.objects.values_list("reference", "state"))
    assert states == {"ALI001": "collected", "BOB001": "unpaid"}
    owed = {one.customer.code: str(one.amount) for one in CustomerBalance.objects.select_related("customer")}
    assert owed == {"ALI001": "0.00", "BOB001": "100.00"}


def line_of(code: str) -> int:
    return CollectionLine.objects.get(reference=code).pk


def test_its_results_are_offered_beside_netcash_and_it_is_asked_for_none(karoo: KarooBank) -> None:
    mary = client_of(
        make_person("Mary", "billing.view_collectionresult", "billing.import_collection_results")
    )
    page = mary.get("/billing/results/").content.decode()
    assert ("Karoo Bank" in page, "Netcash" in page, "Fetch statement" in page) == (True, True, False)
    with pytest.raises(DomainError, match="come as a file"):
        result_statements.fetch(channel="karoo", day=NOW.date(), actor=None, now=NOW)
    with pytest.raises(DomainError, match="Line 1 cannot be read"):
        result_statements.receive(channel="karoo", name="k.csv", data=b"nonsense", actor=None)
