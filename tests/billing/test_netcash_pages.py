"""The pages of debit-order results: Mary takes statements in, Dora may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import BankAccount, BankService, CollectionBatch, ResultStatement
from herotill import runs
from herotill.integrations.netcash.standin import NetcashStandIn
from herotill.models import Run
from tests.billing.test_netcash import Clock, authorised, batch, clock, there
from tests.factories import client_of, make_person
from tests.factories.collecting import RUN

__all__ = ["batch", "clock", "there"]
pytestmark = pytest.mark.django_db
SEE, TAKE = "billing.view_collectionresult", "billing.import_collection_results"
PAGE = "/billing/results/"


def given(text: str, name: str = "statement.txt") -> dict[str, Any]:
    return {"channel": "netcash", "file": SimpleUploadedFile(name, text.encode())}


def test_a_statement_is_given_booked_and_shown(
    batch: CollectionBatch, there: NetcashStandIn, django_assert_max_num_queries: Any
) -> None:
    authorised(batch)
    mary = client_of(make_person("Mary of the books", SEE, TAKE, "customers.view_customer"))
    taken = mary.post(PAGE, given(there.bureau.statement(RUN)))
    run = Run.objects.latest("pk")
    assert taken.url == f"/runs/{run.pk}/"
    runs.work(run.pk)
    statement = ResultStatement.objects.get()
    with django_assert_max_num_queries(14):
        shown = mary.get(f"{PAGE}{statement.pk}/").content.decode()
    assert ("ALI001" in shown, "Fee, transfer or other" in shown, "R 454.00" in shown) == (True, True, True)
    with django_assert_max_num_queries(14):
        assert "statement.txt" in mary.get(PAGE).content.decode()
    kept = mary.get(f"{PAGE}{statement.pk}/file/")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(kept) == there.bureau.statement(RUN).encode()


def test_what_is_no_statement_is_said_and_dora_gives_none(there: NetcashStandIn) -> None:
    mary = client_of(make_person("Mary of the books", SEE, TAKE))
    wrong = mary.post(PAGE, given("nothing of the kind"))
    assert (wrong.status_code, "too few columns" in wrong.content.decode()) == (422, True)
    dora = client_of(make_person("Dora", SEE))
    page = dora.get(PAGE).content.decode()
    assert ("Import a statement" in page, "Fetch statement" in page) == (False, False)
    dora.post(PAGE, given(there.bureau.statement(RUN)))
    assert dora.get(f"{PAGE}fetch/").status_code == 403
    assert client_of(make_person("Nobody")).get(PAGE).status_code == 403
    assert not ResultStatement.objects.exists()


def test_a_statement_is_fetched_from_the_service(there: NetcashStandIn) -> None:
    mary = client_of(make_person("Mary of the books", SEE, TAKE))
    assert "Fetch statement" in mary.get(PAGE).content.decode()
    fetched = mary.post(f"{PAGE}fetch/", {"channel": "netcash", "day": "2018-08-21"})
    run = Run.objects.latest("pk")
    assert (run.kind, f"/runs/{run.pk}/" in str(fetched.headers)) == ("result-fetch", True)
    runs.work(run.pk)
    statement = ResultStatement.objects.get()
    assert (statement.name, statement.source, statement.whole) == ("Netcash 2018-08-21", "service", True)
    late = mary.post(f"{PAGE}fetch/", {"channel": "netcash", "day": "2099-08-21"})
    assert "not come yet" in late.content.decode()
    there.say("100")
    mary.post(f"{PAGE}fetch/", {"channel": "netcash", "day": "2018-08-20"})
    runs.work(Run.objects.latest("pk").pk)
    assert "does not accept the service key" in Run.objects.latest("pk").error


def test_a_statement_that_could_not_be_booked_is_tried_again(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    authorised(batch)
    account = BankAccount.objects.get(name="Netcash")
    BankService.objects.update(account=None)
    mary = client_of(make_person("Mary of the books", SEE, TAKE))
    mary.post(PAGE, given(there.bureau.statement(RUN)))
    runs.work(Run.objects.latest("pk").pk)
    statement = ResultStatement.objects.get()
    assert (statement.state, "into which account" in statement.trouble) == ("refused", True)
    assert "Try again" in mary.get(f"{PAGE}{statement.pk}/").content.decode()

    BankService.objects.update(account=account)
    mary.post(f"{PAGE}{statement.pk}/again/")
    runs.work(Run.objects.latest("pk").pk)
    statement.refresh_from_db()
    assert statement.state == "booked"
    assert {line.state for line in batch.all_lines.all()} == {"collected"}
