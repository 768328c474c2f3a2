"""A mail service tells what became of mails, by way of anymail."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.test import Client

from herotill.messages.models import Message
from herotill.messages.services import consent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def sent(now: datetime, gateway_id: str = "abc") -> Message:
    return Message.objects.create(
        template="test-bill",
        channel="email",
        address="alice@example.com",
        state="sent",
        sent_at=now,
        queued_at=now,
        gateway="postmark",
        gateway_id=gateway_id,
    )


@pytest.fixture(autouse=True)
def _by_postmark(settings: Any) -> None:
    settings.MAIL_SERVICE = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:password"}


def tell(kind: str, **more: Any) -> None:
    event = AnymailTrackingEvent(
        event_type=kind, message_id="abc", recipient="alice@example.com", timestamp=AT, **more
    )
    tracking.send(sender=object, event=event, esp_name="Postmark")


@pytest.mark.parametrize(
    ("kinds", "state"), [(["sent", "delivered"], "delivered"), (["bounced"], "failed"), (["opened"], "sent")]
)
def test_what_it_tells_is_written_down(now: datetime, kinds: list[str], state: str) -> None:
    row = sent(now)
    for kind in kinds:
        tell(kind, reject_reason="bounced" if kind == "bounced" else None)
    row.refresh_from_db()
    assert row.state == state
    assert row.error == ("The mail service says: bounced." if state == "failed" else "")


def test_a_complaint_ends_marketing(now: datetime) -> None:
    consent.record(channel="email", address="alice@example.com", wanted=True, how="on the phone", now=now)
    tell("complained")
    assert not consent.wanting("email", ["alice@example.com"])


@pytest.mark.parametrize(
    "recipient", ["alice@example.com\0", "\ud800@example.com", "a" * 300 + "@example.com", 7, None]
)
def test_a_complaint_of_what_is_no_address_is_about_nobody(now: datetime, recipient: Any) -> None:
    consent.record(channel="email", address="alice@example.com", wanted=True, how="on the phone", now=now)
    event = AnymailTrackingEvent(
        event_type="complained", message_id="a\0", recipient=recipient, timestamp=None, reject_reason=None
    )
    tracking.send(sender=object, event=event, esp_name="Postmark")
    assert consent.wanting("email", ["alice@example.com"])


@pytest.mark.parametrize("kind", ["delivered", "bounced"])
def test_a_delivery_of_what_is_no_id_is_of_no_mail(now: datetime, kind: str) -> None:
    row = sent(now)
    event = AnymailTrackingEvent(event_type=kind, message_id="abc\0", recipient=None, timestamp=AT)
    tracking.send(sender=object, event=event, esp_name="Postmark")
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.parametrize("body", ["[" * 100_000, "[]", "7", '{"RecordType": ["a"]}', "\0"])
def test_what_the_service_never_says_is_refused(client: Client, body: str) -> None:
    good = {"Authorization": "Basic " + base64.b64encode(b"name:password").decode()}
    answer = client.post("/callbacks/mail/", body, content_type="application/json", headers=good)
    assert answer.status_code == 400


def test_only_the_service_itself_is_heard(client: Client, now: datetime, settings: Any) -> None:
    row = sent(now)
    told = {
        "RecordType": "Delivery",
        "MessageID": "abc",
        "Recipient": "alice@example.com",
        "DeliveredAt": AT.isoformat(),
    }
    ask = {"path": "/callbacks/mail/", "data": json.dumps(told), "content_type": "application/json"}
    good = {"Authorization": "Basic " + base64.b64encode(b"name:password").decode()}
    assert client.post(**ask, headers={"Authorization": "Basic eDp5"}).status_code == 400
    assert client.get("/callbacks/mail/").status_code == 403
    assert client.post(**ask, headers=good).status_code == 200
    row.refresh_from_db()
    assert row.state == "delivered"
    settings.ANYMAIL = {}
    assert client.post(**ask, headers=good).status_code == 403
