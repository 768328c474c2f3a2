"""Debits of which nobody ever tells anything: they are shown, and a person ends the wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from billing.batches import _unanswered
from billing.models import CollectionLine, CollectionResult, Receipt
from billing.selectors.suspensions import overdue
from billing.services import collection_results
from herotill.errors import DomainError
from tests.billing.test_collection_results import collected, released, told
from tests.factories.collecting import RUN, bank, make_group, make_payer
from tests.factories.people import client_of, in_role, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]
EARLY, LATE = (datetime(2018, 9, day, 8, tzinfo=UTC) for day in (5, 7))


@pytest.fixture(autouse=True)
def _bank() -> Iterator[None]:
    with bank():
        yield


@pytest.fixture
def line():
    make_payer("ALI001", make_group(), "454.00")
    released(make_group())
    CollectionLine.objects.update(state="sent")
    return CollectionLine.objects.get()


def owed(line) -> bool:
    return bool(overdue([line.customer_id], (LATE + timedelta(days=30)).date()))


def test_what_nobody_answered_is_owed_again_once_a_person_ends_the_wait(line):
    eve = make_person("Eve")
    with pytest.raises(DomainError, match="may still come"):
        collection_results.give_up(line=line, why="Not there", actor=eve, now=EARLY)
    assert not owed(line)
    collection_results.give_up(line=line, why="Not at the bank", actor=eve, now=LATE)
    line.refresh_from_db()
    assert (line.state, line.withdrawn_why) == ("refused", "No result came: Not at the bank")
    assert owed(line)
    told(collected("1", f"HT{line.pk}", "454.00"))
    assert CollectionResult.objects.get().trouble
    assert not Receipt.objects.exists()


def test_debits_without_a_result_are_shown_to_who_settles_them(line, monkeypatch):
    monkeypatch.setattr("billing.batches.stamp", lambda: EARLY)
    assert _unanswered(None) is None
    monkeypatch.setattr("billing.batches.stamp", lambda: LATE)
    tile = _unanswered(None)
    assert tile
    assert (tile["figure"], RUN) == (1, line.batch.action_date)


def test_anna_ends_the_wait_on_the_screen_and_dora_may_not(line):
    url = reverse("billing:batch-line-no-result", args=[line.pk])
    shown = client_of(in_role("Anna", "accounts")).get(reverse("billing:batch-line", args=[line.pk]))
    assert url in shown.content.decode()
    assert client_of(in_role("Dora", "support")).post(url, {"why": "x"}).status_code == 403
    client_of(make_person("Greta", "billing.import_collection_results")).post(url, {"why": "Not there"})
    line.refresh_from_db()
    assert line.state == "refused"
