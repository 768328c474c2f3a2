"""SMSPortal: up to a hundred a call; what may have gone out is never repeated."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.sms import Credentials, Text
from herotill.integrations.sms.smsportal.live import SmsPortal, read
from herotill.integrations.sms.smsportal.standin import SmsPortalStandIn

ALICE = Text("+27821234567", "Hello Alice", "1")
EVE = Text("+27820000000", "Hello Eve", "2")


@pytest.fixture
def portal() -> Iterator[SmsPortalStandIn]:
    with SmsPortalStandIn() as found:
        yield found


@pytest.fixture
def gateway(portal: SmsPortalStandIn) -> SmsPortal:
    return SmsPortal(Credentials("key", "secret", "OurISP"), portal.url)


def test_texts_are_taken_one_by_one_even_where_some_are_refused(
    portal: SmsPortalStandIn, gateway: SmsPortal
) -> None:
    portal.refused = {"27820000000"}
    good, bad = gateway.send([ALICE, EVE])
    assert (good.accepted, good.gateway_id, good.parts, good.cost) == (
        True,
        "7001:27821234567",
        1,
        Decimal("0.25"),
    )
    assert (bad.accepted, bad.error) == (False, "SMSPortal refused this number (noNetwork).")
    assert [(one["destination"], one["content"], one["customerId"]) for one in portal.sent] == [
        ("27821234567", "Hello Alice", "1")
    ]
    assert portal.calls[0][2]["sendOptions"] == {"senderId": "OurISP"}


@pytest.mark.parametrize(("status", "retry"), [(400, False), (401, True), (403, True), (429, True)])
def test_a_clear_no_means_that_nothing_went_out(
    portal: SmsPortalStandIn, gateway: SmsPortal, status: int, retry: bool
) -> None:
    portal.misbehave(status)
    with pytest.raises(NotSent) as no:
        gateway.send([ALICE])
    assert no.value.retry is retry
    assert "As told" not in str(no.value)
    assert portal.sent == []


@pytest.mark.parametrize("status", [500, 502, 0])
def test_trouble_after_the_call_leaves_the_end_open(
    portal: SmsPortalStandIn, gateway: SmsPortal, status: int
) -> None:
    portal.misbehave(status)
    with pytest.raises(Uncertain):
        gateway.send([ALICE])


def test_a_late_answer_leaves_the_end_open(portal: SmsPortalStandIn, gateway: SmsPortal) -> None:
    portal.slow(1.0)
    with pytest.raises(Uncertain, match="did not answer"):
        gateway.send([ALICE])
    assert len(portal.sent) == 1


def test_without_credit_nothing_goes_out_and_the_balance_says_so(
    portal: SmsPortalStandIn, gateway: SmsPortal
) -> None:
    portal.credit = 0
    with pytest.raises(NotSent, match="credit"):
        gateway.send([ALICE])
    assert gateway.balance().amount == 0


def test_a_wrong_key_is_told(portal: SmsPortalStandIn) -> None:
    with pytest.raises(NotSent, match="does not accept our key"):
        SmsPortal(Credentials("key", "wrong"), portal.url).balance()


def test_nobody_there_means_that_nothing_went_out(portal: SmsPortalStandIn) -> None:
    with pytest.raises(NotSent, match="could not be reached"):
        SmsPortal(Credentials("key", "secret"), "http://127.0.0.1:9").send([ALICE])


@pytest.mark.parametrize(
    ("status", "state"),
    [("DELIVRD", "delivered"), ("UNDELIV", "failed"), ("EXPIRED", "failed"), ("ENROUTE", "sent")],
)
def test_a_report_says_what_became_of_a_text(status: str, state: str) -> None:
    posted = {
        "Status": status,
        "EventId": 7001,
        "Msisdn": "27821234567",
        "UserReference": "1",
        "Received": 1700000000,
    }
    [report], replies = read(posted)
    assert (report.state, report.reference, report.gateway_id, replies) == (
        state,
        "1",
        "7001:27821234567",
        [],
    )


def test_an_answer_is_read_and_nonsense_is_refused() -> None:
    reports, [reply] = read(
        {"EventId": 1, "Msisdn": "27821234567", "IncomingData": "STOP", "OutgoingData": "x"}
    )
    assert (reports, reply.sender, reply.text) == ([], "+27821234567", "STOP")
    for nonsense in ("x", {}, [1], {"Status": ""}, None):
        with pytest.raises(ValueError, match="no"):
            read(nonsense)
