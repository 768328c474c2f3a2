"""Mail to a real server: what goes out, what is tried again, what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from customers.models import Contact
from herotill.messages.models import Message
from herotill.messages.services import claiming, outbox, sending
from herotill.messages.templates import Attachment, Provider, providers
from tests.factories import make_customer
from tests.messages.mailserver import Sink

pytestmark = pytest.mark.django_db
CONTEXT = {"name": "Alice", "number": "INV00001", "amount": "R 10.00"}


def bill(to: str, now: datetime, **more: Any) -> None:
    outbox.queue(template="test-bill", to=to, context=CONTEXT, now=now, **more)


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("address", "state"))


def test_a_bill_reaches_whoever_holds_the_purpose(sink: Sink, now: datetime) -> None:
    alice = make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})
    Contact.objects.create(customer=alice, name="Books", email="books@example.com", purposes=["invoices"])
    Contact.objects.create(customer=alice, name="Sales", email="sales@example.com", purposes=["sales"])
    outbox.queue(template="test-bill", customer_id=alice.pk, context=CONTEXT, now=now)

    assert sending.send_mail(now) == "2 sent."
    assert sorted(sink.to()) == ["alice@example.com", "books@example.com"]
    mail = sink.taken[0]
    assert mail["Subject"] == "Your bill INV00001"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Dear Alice,", "", "please pay R 10.00."]
    assert "<p>Dear Alice,</p>" in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    row = Message.objects.get(address=mail["To"])
    assert (row.state, row.subject, row.sent_at, row.attempts) == (
        "sent",
        "Your bill INV00001",
        row.started_at,
        1,
    )
    assert row.gateway_id == mail["Message-ID"]
    assert sending.send_mail(now + timedelta(hours=1)) == "0 sent."


def test_whoever_has_nobody_with_the_purpose_is_shown(sink: Sink, now: datetime) -> None:
    bob = make_customer("Bob Dlamini", "BOB001")
    Contact.objects.filter(customer=bob).update(email="bob@example.com")
    outbox.queue(template="test-bill", customer_id=bob.pk + 1, context=CONTEXT, now=now)
    assert sending.send_mail(now) == "0 sent."
    assert "Nobody there holds this purpose" in Message.objects.get().error


def test_what_is_refused_for_now_is_tried_again_and_for_good_is_not(sink: Sink, now: datetime) -> None:
    sink.told = {"full@example.com": "452 mailbox full", "gone@example.com": "550 no such user"}
    for address in ("full@example.com", "gone@example.com", "alice@example.com"):
        bill(address, now)
    assert sending.send_mail(now) == "1 sent."
    assert states() == {
        "full@example.com": "waiting",
        "gone@example.com": "failed",
        "alice@example.com": "sent",
    }
    waiting = Message.objects.get(state="waiting")
    assert (waiting.error, waiting.attempts) == ("The mail server refused it (452).", 1)
    assert waiting.next_try_at - now >= timedelta(minutes=1)

    assert sending.send_mail(now + timedelta(seconds=30)) == "0 sent."
    sink.told = {}
    assert sending.send_mail(now + timedelta(minutes=2)) == "1 sent."
    assert sink.to() == ["alice@example.com", "full@example.com"]


def test_a_server_that_is_down_costs_a_try_and_no_mail(settings: Any, now: datetime, free_port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    bill("alice@example.com", now)
    at = now
    for _ in range(8):
        assert sending.send_mail(at) == "0 sent."
        at += timedelta(hours=5)
    row = Message.objects.get()
    assert (row.state, row.attempts, row.error) == ("failed", 8, "The mail server could not be reached.")


def test_a_line_that_breaks_leaves_one_unknown_and_the_rest_goes_on(sink: Sink, now: datetime) -> None:
    sink.told = {"eve@example.com": "drop"}
    for address in ("alice@example.com", "eve@example.com", "zoe@example.com"):
        bill(address, now)
    assert sending.send_mail(now) == "2 sent."
    assert states() == {"alice@example.com": "sent", "eve@example.com": "unknown", "zoe@example.com": "sent"}
    assert sending.send_mail(now + timedelta(days=1)) == "0 sent."
    assert sink.to().count("eve@example.com") == 1


def test_urgent_ones_go_first_and_no_more_than_the_rate(sink: Sink, settings: Any, now: datetime) -> None:
    settings.MAIL_PER_MINUTE = 2
    for number in range(3):
        bill(f"c{number}@example.com", now)
    Message.objects.filter(address="c2@example.com").update(rank=10)
    sending.send_mail(now)
    assert sink.to() == ["c2@example.com", "c0@example.com"]
    sending.send_mail(now + timedelta(minutes=2))
    assert sink.to()[2:] == ["c1@example.com"]


@pytest.fixture
def papers() -> Iterator[set[int]]:
    """The papers that are stored by now."""
    stored: set[int] = set()
    fetch = lambda pk: Attachment(f"INV{pk}.pdf", b"%PDF-1.4")  # noqa: E731
    providers.register(Provider("test-paper", fetch, lambda ids: stored & set(ids)))
    yield stored
    providers.unregister("test-paper")


def test_a_bill_waits_for_its_paper_without_a_try(sink: Sink, papers: set[int], now: datetime) -> None:
    bill("alice@example.com", now, subject_kind="invoice", subject_id=7, attachments=["test-paper"])
    assert sending.send_mail(now) == "0 sent."
    row = Message.objects.get()
    assert (row.state, row.attempts, row.error) == ("waiting", 0, "Waits until what goes with it is stored.")
    papers.add(7)
    assert sending.send_mail(now + timedelta(minutes=2)) == "1 sent."
    [paper] = sink.taken[0].iter_attachments()
    assert (paper.get_filename(), paper.get_content()) == ("INV7.pdf", b"%PDF-1.4")


def test_a_message_is_begun_by_one(now: datetime) -> None:
    bill("alice@example.com", now)
    first = claiming.take(channel="email", now=now)
    assert claiming.take(channel="email", now=now) == []
    second = claiming.take(channel="email", now=now + timedelta(minutes=11))
    assert [one.pk for one in first] == [one.pk for one in second]
    assert claiming.begin(messages=first, gateway="mail", now=now) == []
    assert len(claiming.begin(messages=second, gateway="mail", now=now)) == 1
