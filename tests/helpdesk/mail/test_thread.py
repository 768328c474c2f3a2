"""A whole conversation over real mail: Alice writes, Dora answers, Alice answers, and it stays one ticket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from helpdesk.models import Ticket
from helpdesk.policies.mail.known import REPLY_MARKER
from helpdesk.services import tickets
from herotill import events
from herotill.clock import stamp
from herotill.messages.models import Message
from herotill.messages.services import sending
from tests.factories.customers import make_customer
from tests.factories.people import in_role
from tests.helpdesk.mail.letters import HELP, NOW, letter, mailbox, take
from tests.messages.mailserver import Sink, mail_server

pytestmark = pytest.mark.django_db
ALICE = "alice@wonderland.example"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Looking-glass <post@isp.example>"
    found = Sink()
    with mail_server(found, port):
        yield found


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_conversation_stays_one_ticket(sink: Sink) -> None:
    mailbox()
    make_customer(contact={"email": ALICE})
    dora = in_role("dora", "support")
    take(letter("It is slow.", message_id="<first@wonderland.example>"))
    ticket = Ticket.objects.get()
    sending.send_mail(NOW)
    thanks = sink.taken[0]
    assert f"[#{ticket.pk}]" in thanks["Subject"]
    assert thanks["Auto-Submitted"] == "auto-generated"

    tickets.answer(ticket=ticket, text="Which light is on?", actor=dora, now=NOW + timedelta(minutes=5))
    events.hand_out(NOW + timedelta(minutes=5))
    sending.send_mail(stamp() + timedelta(minutes=1))
    answer = sink.taken[1]
    assert (answer["To"], answer["Reply-To"]) == (ALICE, f"help+{ticket.pk}-{ticket.token}@isp.example")
    assert HELP in answer["From"]
    assert "Support" in answer["From"]
    assert answer["In-Reply-To"] == "<first@wonderland.example>"
    assert answer["References"].split() == [
        f"<ticket-{ticket.pk}.{ticket.token}@tickets.isp.example>",
        "<first@wonderland.example>",
    ]
    assert answer["Auto-Submitted"] is None
    assert answer["X-HeroTill-Loop"] == "tickets.isp.example"
    assert answer["Message-ID"] != thanks["Message-ID"]
    assert plain(answer).startswith(REPLY_MARKER)

    quoted = "".join(f"> {line}\n" for line in plain(answer).splitlines())
    back = take(
        letter(
            f"The red one.\n\n{quoted}",
            References=f"{answer['References']} {answer['Message-ID']}",
            In_Reply_To=answer["Message-ID"],
        ),
        now=NOW + timedelta(minutes=10),
    )
    assert (back.outcome, back.ticket) == ("reply", ticket)
    assert back.post is not None
    assert back.post.text == "The red one."
    assert Message.objects.filter(subject_kind="ticket", subject_id=ticket.pk, state="sent").count() == 2


def test_our_own_mail_that_comes_back_to_us_is_a_loop(sink: Sink) -> None:
    mailbox()
    make_customer(contact={"email": ALICE})
    take(letter())
    sending.send_mail(NOW)
    again = take(sink.taken[0].as_bytes())
    assert (again.outcome, again.reason) == ("ignored", "loop")


def test_s19_what_customers_call_themselves_breaks_no_header(sink: Sink) -> None:
    mailbox(department=None)
    make_customer(contact={"email": ALICE})
    take(letter(subject="=?utf-8?q?a=0D=0ABcc=3A_x=40y.example?=", message_id="<bad id\x01 x>"))
    sending.send_mail(NOW)
    mail = sink.taken[0]
    assert mail["Bcc"] is None
    assert "a Bcc: x@y.example" in mail["Subject"]
    assert "bad id" not in mail["References"]
