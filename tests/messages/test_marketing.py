"""Safety 29: marketing goes to those who said yes, offers the way out each time, and keeps quiet at night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from herotill.messages.models import Consent, Message
from herotill.messages.policies.timing import quiet_hours, quiet_until
from herotill.messages.services import consent, outbox, sending
from tests.messages.mailserver import Sink

pytestmark = pytest.mark.django_db
HOME = ZoneInfo("Africa/Johannesburg")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=HOME)


def offer(now: datetime = NOON) -> None:
    outbox.queue(template="test-offer", to="Alice@example.com", context={"name": "Alice"}, now=now)


def yes() -> None:
    consent.record(
        channel="email", address="alice@example.com", wanted=True, how="by a signed form", now=NOON
    )


def test_s29_without_a_recorded_yes_nothing_goes_out(sink: Sink) -> None:
    offer()
    assert sending.send_mail(NOON) == "0 sent."
    assert (Message.objects.get().state, sink.taken) == ("suppressed", [])


def test_s29_each_one_offers_the_way_out_and_a_button_takes_it(sink: Sink, client: Client) -> None:
    yes()
    offer()
    assert sending.send_mail(NOON) == "1 sent."
    mail = sink.taken[0]
    link = mail.get_body(("plain",)).get_content().split("No more of these: ")[1].strip()
    path = link.partition("://")[2].partition("/")[2]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    opened = client.get(f"/{path}")
    assert (opened.status_code, Consent.objects.count()) == (200, 1)
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert b"alice" not in opened.content.lower()
    assert b"No more of these" in client.post(f"/{path}").content
    offer()
    assert sending.send_mail(NOON) == "0 sent."
    assert Consent.objects.count() == 2


def test_s29_a_mail_program_unsubscribes_by_itself(sink: Sink) -> None:
    yes()
    offer()
    sending.send_mail(NOON)
    address = sink.taken[0]["List-Unsubscribe"].strip("<>")
    path = "/" + address.partition("://")[2].partition("/")[2]
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 403
    assert consent.wanting("email", ["alice@example.com"])
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not consent.wanting("email", ["alice@example.com"])


def test_a_link_that_is_none_of_ours_does_nothing(client: Client) -> None:
    for token in ("x", consent.token("email", "a@b.co").rsplit(":", 1)[0] + ":forged"):
        assert client.post(f"/opt-out/{token}/").status_code == 410
        assert client.post(f"/opt-out/{token}/at-once/").status_code == 403
    assert not Consent.objects.exists()


def test_s29_marketing_waits_for_the_morning_and_a_bill_does_not(sink: Sink, settings: Any) -> None:
    settings.QUIET_HOURS = "20:00-08:00"
    night = datetime(2026, 11, 23, 23, 30, tzinfo=HOME)
    yes()
    offer(night)
    outbox.queue(template="test-bill", to="alice@example.com", context={"name": "A"}, now=night)
    assert sending.send_mail(night) == "1 sent."
    waiting = Message.objects.get(state="waiting")
    assert (waiting.attempts, waiting.next_try_at) == (0, datetime(2026, 11, 24, 8, 0, tzinfo=HOME))
    assert sending.send_mail(night + timedelta(hours=9)) == "1 sent."


def test_quiet_hours_in_words() -> None:
    hours = quiet_hours("20:00-08:00")
    assert quiet_until(NOON, hours, HOME) is None
    early = NOON.replace(hour=7, minute=59)
    assert quiet_until(early, hours, HOME) == NOON.replace(hour=8)
    assert quiet_until(NOON, quiet_hours("11:00-13:00"), HOME) == NOON.replace(hour=13)
    assert quiet_hours("") is quiet_hours("08:00-08:00") is None
    with pytest.raises(ValueError, match="no hours"):
        quiet_hours("at night")
