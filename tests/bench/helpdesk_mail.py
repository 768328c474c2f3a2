"""Taking in mail, against Python's parser alone on the same messages."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from django.db import connection
from django.test import override_settings

from helpdesk.models import InboundMail, Mailbox, Ticket
from helpdesk.selectors import inbound as reading
from helpdesk.services import inbound
from herotill.clock import stamp
from herotill.settled import settled
from tests.bench.data import scratch
from tests.factories import make_customer
from tests.factories.helpdesk import make_ticket
from tests.helpdesk.mail.letters import letter, mailbox

CUSTOMERS, TICKETS = 500, 200
ATTACHED = (
    "--b\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
    "On Monday we wrote:\n> Is it slow?\n--a\nContent-Type: text/html; charset=utf-8\n\n<p>{text}</p>"
    "<blockquote>Is it slow?</blockquote>\n--a--\n--b\nContent-Type: application/pdf; name=bill.pdf\n"
    "Content-Transfer-Encoding: base64\n\n{bytes}\n--b--\n"
)


@dataclass(frozen=True)
class MailBench:
    """So many messages: half open tickets, half answer some; every fourth with HTML and an attachment."""

    name: str = "helpdesk.mail"
    own_data: bool = True

    def run(self, size: int) -> dict[str, Any]:
        files = tempfile.mkdtemp(prefix="herotill-bench-")
        try:
            with scratch(), override_settings(MEDIA_ROOT=files):
                box, raws = fill(size)
                seconds = timed(raws, box)
                assert Ticket.objects.count() == TICKETS + (size + 1) // 2
                assert InboundMail.objects.filter(outcome__in=["new_ticket", "reply"]).count() == size
        finally:
            shutil.rmtree(files)
        floor = parsed(raws)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 2),
            "per_second": round(size / seconds),
            "floor_seconds": round(floor, 2),
            "ratio": round(seconds / floor, 2),
        }


def fill(size: int) -> tuple[Mailbox, Sequence[bytes]]:
    box = mailbox()
    for number in range(CUSTOMERS):
        make_customer(f"Customer {number}", contact={"email": f"c{number}@wonderland.example"})
    tickets = [make_ticket(requester_email=f"c{number}@wonderland.example") for number in range(TICKETS)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return box, [message(number, tickets[number % TICKETS]) for number in range(size)]


def message(number: int, ticket: Ticket) -> bytes:
    text = f"The line was slow for the {number}th time since the storm, mostly after six in the evening."
    body = text
    kind = "text/plain; charset=utf-8"
    if number % 4 == 0:
        body, kind = ATTACHED.format(text=text, bytes="JVBERi0x" * 2000), "multipart/mixed; boundary=b"
    domain = reading.tickets_domain(reading.rules())
    refers = {"References": f"<ticket-{ticket.pk}.{ticket.token}@{domain}>"} if number % 2 else {}
    sender = f"c{number % CUSTOMERS}@wonderland.example"
    return letter(body, kind=kind, sender=sender, subject=f"Slow {number}", **refers)


def timed(raws: Sequence[bytes], box: Mailbox) -> float:
    started, house = time.perf_counter(), reading.house()
    with settled():  # as polling does
        for raw in raws:
            inbound.ingest(raw=raw, mailbox=box, now=stamp(), house=house)
    return time.perf_counter() - started


def parsed(raws: Sequence[bytes]) -> float:
    """Seconds that the parser takes, with every part decoded."""
    started = time.perf_counter()
    for raw in raws:
        for part in message_from_bytes(raw, policy=policy.default).walk():
            part.get_payload(decode=True)
    return time.perf_counter() - started
