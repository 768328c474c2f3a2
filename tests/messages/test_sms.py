"""SMS by the gateway that is switched on, what it reports, and what people answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from herotill.errors import DomainError
from herotill.integrations import http
from herotill.integrations.sms.bulksms.standin import BulkSmsStandIn
from herotill.integrations.sms.smsportal.standin import SmsPortalStandIn
from herotill.messages.models import Consent, Message, SmsGateway
from herotill.messages.services import consent, gateways, outbox, sending
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
ALICE, BOB = "+27821234567", "+27827654321"


@pytest.fixture(autouse=True)
def _this_machine_may_be_called(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    monkeypatch.setattr(http, "READ_SECONDS", 0.5)


@pytest.fixture
def portal(settings: Any) -> Iterator[SmsPortalStandIn]:
    with SmsPortalStandIn() as found:
        settings.SMSPORTAL_URL = found.url
        gateways.switch_on(row=SmsGateway.objects.create(kind="smsportal", key="key", secret="secret"))
        yield found


@pytest.fixture
def bulk(settings: Any) -> Iterator[BulkSmsStandIn]:
    with BulkSmsStandIn() as found:
        settings.BULKSMS_URL = found.url
        gateways.switch_on(row=SmsGateway.objects.create(kind="bulksms", key="key", secret="secret"))
        yield found


def word(to: str, now: datetime) -> None:
    outbox.queue(template="test-word", to=to, context={"name": "Alice’s"}, now=now)


def post(client: Client, address: str, data: Any) -> int:
    path = address.split("/", 3)[3]
    return client.post(f"/{path}", json.dumps(data), content_type="application/json").status_code


def test_contacts_with_the_purpose_get_it_with_plain_quotes_and_its_price_is_kept(
    portal: SmsPortalStandIn, now: datetime
) -> None:
    alice = make_customer("Alice Liddel", "ALI001", contact={"phone": ALICE})
    outbox.queue(template="test-word", customer_id=alice.pk, context={"name": "Alice’s"}, now=now)
    assert sending.send_sms(now) == "1 sent."
    assert [(one["destination"], one["content"]) for one in portal.sent] == [
        ("27821234567", "Alice's, the tower is down.")
    ]
    row = Message.objects.get()
    assert (row.state, row.address, row.parts, row.cost) == ("sent", ALICE, 1, Decimal("0.25"))
    assert (row.gateway, row.body) == ("smsportal", "Alice's, the tower is down.")


def test_one_refused_number_does_not_hold_the_others(portal: SmsPortalStandIn, now: datetime) -> None:
    portal.refused = {BOB[1:]}
    word(ALICE, now)
    word(BOB, now)
    assert sending.send_sms(now) == "1 sent."
    assert Message.objects.get(address=BOB).state == "failed"
    assert "refused this number" in Message.objects.get(address=BOB).error


@pytest.mark.parametrize("status", [401, 403, 429])
def test_what_was_not_taken_is_tried_again(portal: SmsPortalStandIn, now: datetime, status: int) -> None:
    word(ALICE, now)
    portal.misbehave(status)
    assert sending.send_sms(now) == "0 sent."
    assert Message.objects.get().state == "waiting"
    assert sending.send_sms(now + timedelta(minutes=2)) == "1 sent."
    assert len(portal.sent) == 1


def test_what_may_have_gone_out_is_never_repeated_by_smsportal(
    portal: SmsPortalStandIn, now: datetime
) -> None:
    word(ALICE, now)
    portal.misbehave(0)
    assert sending.send_sms(now) == "0 sent."
    assert Message.objects.get().state == "unknown"
    assert sending.send_sms(now + timedelta(days=1)) == "0 sent."
    assert len(portal.sent) == 1


def test_what_may_have_gone_out_is_repeated_by_bulksms_under_its_id(
    bulk: BulkSmsStandIn, now: datetime
) -> None:
    word(ALICE, now)
    bulk.misbehave(0)
    assert sending.send_sms(now) == "0 sent."
    assert Message.objects.get().state == "waiting"
    assert sending.send_sms(now + timedelta(minutes=2)) == "1 sent."
    assert len(bulk.sent) == 1


def test_without_a_gateway_what_is_owed_waits(now: datetime, settings: Any) -> None:
    settings.SMS_FILE = ""
    word(ALICE, now)
    assert sending.send_sms(now) == "No SMS gateway is switched on; what is owed waits."
    assert (Message.objects.get().state, Message.objects.get().attempts) == ("waiting", 0)


def test_a_file_takes_them_in_the_demo(now: datetime, settings: Any, tmp_path: Any) -> None:
    settings.SMS_FILE = str(tmp_path / "sms.jsonl")
    word(ALICE, now)
    assert sending.send_sms(now) == "1 sent."
    assert json.loads((tmp_path / "sms.jsonl").read_text())["to"] == ALICE


def test_one_gateway_sends_at_a_time_and_none_without_its_secret(portal: SmsPortalStandIn) -> None:
    other = SmsGateway.objects.create(kind="bulksms", key="key")
    with pytest.raises(DomainError, match="no secret"):
        gateways.switch_on(row=other)
    other.secret = "another secret"
    other.save()
    gateways.switch_on(row=other)
    assert list(SmsGateway.objects.filter(active=True)) == [other]


def test_the_balance_is_asked_and_kept(portal: SmsPortalStandIn, now: datetime) -> None:
    assert gateways.ask_all(now) == "SMSPortal: 1000.0000 credits left."
    portal.misbehave(500, 500, 500)
    assert gateways.ask_all(now) == "SMSPortal answered 500."


@pytest.mark.parametrize(
    "order", [["DELIVRD"], ["ENROUTE", "DELIVRD", "DELIVRD"], ["DELIVRD", "ENROUTE", "UNDELIV"]]
)
def test_reports_come_in_any_order_and_as_often_as_they_like(
    client: Client, portal: SmsPortalStandIn, now: datetime, order: list[str]
) -> None:
    address = gateways.new_callback(row=SmsGateway.objects.get())
    word(ALICE, now)
    sending.send_sms(now)
    row = Message.objects.get()
    for status in order:
        told = {"Status": status, "EventId": 7001, "Msisdn": ALICE[1:], "UserReference": str(row.pk)}
        assert post(client, address, told) == 200
    row.refresh_from_db()
    assert (row.state, row.error) == ("delivered", "")
    assert row.delivered_at is not None


def test_a_report_of_failure_is_shown_and_one_of_another_gateway_is_not(
    client: Client, bulk: BulkSmsStandIn, now: datetime
) -> None:
    address = gateways.new_callback(row=SmsGateway.objects.get())
    word(ALICE, now)
    sending.send_sms(now)
    row = Message.objects.get()
    status = {"id": "FAILED.EXPIRED", "type": "FAILED", "subtype": "EXPIRED"}
    assert post(client, address, [{"id": row.gateway_id, "type": "SENT", "status": status}]) == 200
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "BulkSMS: EXPIRED")
    Message.objects.update(gateway="mail", state="sent")
    assert post(client, address, [{"id": row.gateway_id, "type": "SENT", "status": status}]) == 200
    assert Message.objects.get().state == "sent"


def test_only_the_newest_address_is_answered(client: Client, portal: SmsPortalStandIn) -> None:
    row = SmsGateway.objects.get()
    old, new = gateways.new_callback(row=row), gateways.new_callback(row=row)
    told = {"Status": "DELIVRD", "EventId": 1, "Msisdn": ALICE[1:], "UserReference": "1"}
    assert [post(client, each, told) for each in (old, new, new[:-2] + "x/")] == [403, 200, 403]
    assert post(client, new, {"what": "is this"}) == 400
    assert new.rstrip("/").rpartition("/")[2] not in str(SmsGateway.objects.values().get())


DEEP = "[" * 900 + "]" * 900
HALF = r"\ud800"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        DEEP,
        f"[{DEEP}]",
        r'{"Status": "DELIVRD", "EventId": "\u0000"}',
        f'{{"Status": "{HALF}", "EventId": 1, "UserReference": "{HALF}"}}',
        '{"Status": NaN}',
        '{"Status": 1e999, "EventId": 1}',
        '{"Status": ' + "9" * 5000 + "}",
        '["DELIVRD"]',
        "\0",
        "7",
    ],
)
def test_a_report_that_no_gateway_sends_is_refused(
    client: Client, portal: SmsPortalStandIn, body: str
) -> None:
    path = "/" + gateways.new_callback(row=SmsGateway.objects.get()).split("/", 3)[3]
    assert client.post(path, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("sender", ["9" * 5000, "²", "٣", None])
def test_an_answer_from_what_is_no_number_is_nobodys(
    client: Client, portal: SmsPortalStandIn, sender: Any
) -> None:
    address = gateways.new_callback(row=SmsGateway.objects.get())
    assert post(client, address, {"Msisdn": sender, "IncomingData": "STOP", "EventId": 1}) == 200
    assert not Consent.objects.exists()


def test_stop_by_sms_ends_marketing_to_that_number(
    client: Client, portal: SmsPortalStandIn, now: datetime
) -> None:
    address = gateways.new_callback(row=SmsGateway.objects.get())
    for number in (ALICE, BOB):
        consent.record(channel="sms", address=number, wanted=True, how="on the phone", now=now)
    hook = {
        "EventId": 1,
        "Msisdn": ALICE[1:],
        "IncomingData": " Stop. ",
        "OutgoingData": "x",
        "UserReference": "1",
    }
    assert post(client, address, hook) == 200
    assert post(client, address, hook | {"Msisdn": BOB[1:], "IncomingData": "please stop by"}) == 200
    assert consent.wanting("sms", [ALICE, BOB]) == {BOB}
