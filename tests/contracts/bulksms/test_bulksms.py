"""BulkSMS: one a call under an id that is known for twelve hours, so a repeated call sends nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.sms import Credentials, Text
from herotill.integrations.sms.bulksms.live import BulkSms, read
from herotill.integrations.sms.bulksms.standin import BulkSmsStandIn

ALICE = Text("+27821234567", "Hello Alice", "1")


@pytest.fixture
def bulk() -> Iterator[BulkSmsStandIn]:
    with BulkSmsStandIn() as found:
        yield found


@pytest.fixture
def gateway(bulk: BulkSmsStandIn) -> BulkSms:
    return BulkSms(Credentials("key", "secret"), bulk.url)


def test_a_text_is_taken_with_its_price(bulk: BulkSmsStandIn, gateway: BulkSms) -> None:
    [taken] = gateway.send([ALICE])
    assert (taken.accepted, taken.gateway_id, taken.parts, taken.cost) == (
        True,
        "10000001",
        1,
        Decimal("0.5"),
    )
    assert (bulk.sent[0]["to"], bulk.sent[0]["userSuppliedId"]) == ("27821234567", "1")


def test_the_same_call_again_sends_nothing(bulk: BulkSmsStandIn, gateway: BulkSms) -> None:
    bulk.misbehave(0)
    with pytest.raises(Uncertain):
        gateway.send([ALICE])
    first, second = gateway.send([ALICE])[0], gateway.send([ALICE])[0]
    assert first == second
    assert len(bulk.sent) == 1


def test_a_refused_number_is_for_good(bulk: BulkSmsStandIn, gateway: BulkSms) -> None:
    bulk.refused = {"+27821234567"}
    [taken] = gateway.send([ALICE])
    assert (taken.accepted, bulk.sent) == (False, [])


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_clear_no_means_that_nothing_went_out(bulk: BulkSmsStandIn, gateway: BulkSms, status: int) -> None:
    bulk.misbehave(status)
    with pytest.raises(NotSent) as no:
        gateway.send([ALICE])
    assert no.value.retry


@pytest.mark.parametrize("status", [500, 503])
def test_trouble_there_leaves_the_end_open(bulk: BulkSmsStandIn, gateway: BulkSms, status: int) -> None:
    bulk.misbehave(status)
    with pytest.raises(Uncertain):
        gateway.send([ALICE])


def test_no_credit_and_balance(bulk: BulkSmsStandIn, gateway: BulkSms) -> None:
    assert gateway.balance().amount == 1000
    bulk.credit = 0
    with pytest.raises(NotSent, match="credits"):
        gateway.send([ALICE])


def test_a_question_is_asked_again_and_a_late_answer_is_told(bulk: BulkSmsStandIn, gateway: BulkSms) -> None:
    gateway.caller.sleep = lambda seconds: None
    bulk.misbehave(503, 502)
    assert gateway.balance().amount == 1000
    assert len(bulk.calls) == 3
    bulk.slow(1.0)
    with pytest.raises(Uncertain):
        gateway.send([ALICE])


def test_reports_and_answers_are_read() -> None:
    status = {"id": "FAILED.EXPIRED", "type": "FAILED", "subtype": "EXPIRED"}
    sent = {"id": "10000001", "type": "SENT", "userSuppliedId": "1", "status": status}
    received = {"id": "9", "type": "RECEIVED", "from": "27821234567", "body": "Stop."}
    [report], [reply] = read([sent, received])
    assert (report.state, report.reference, report.error) == ("failed", "1", "BulkSMS: EXPIRED")
    assert (reply.sender, reply.text) == ("+27821234567", "Stop.")
    nonsenses: list[Any] = ["x", {}, [1], None]
    for nonsense in nonsenses:
        with pytest.raises(ValueError, match="no"):
            read(nonsense)
