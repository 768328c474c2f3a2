"""Mail as customers write it, and mailboxes it comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from helpdesk.models import Department, InboundMail, Mailbox
from helpdesk.services import inbound
from tests.factories.helpdesk import make_department, make_priority

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
HELP = "help@isp.example"
_number = count(1)


def mailbox(address: str = HELP, department: Department | None = None, **fields: Any) -> Mailbox:
    make_priority(usual=True)
    where = department or make_department()
    return Mailbox.objects.get_or_create(address=address, defaults={"department": where, **fields})[0]


def letter(
    text: str = "The line is slow.",
    *,
    sender: str = "alice@wonderland.example",
    subject: str = "Slow",
    message_id: str = "",
    kind: str = "text/plain; charset=utf-8",
    **headers: str,
) -> bytes:
    """A raw message. Further headers by name, with _ for -."""
    head = {
        "From": f"Alice Liddel <{sender}>",
        "To": HELP,
        "Subject": subject,
        "Date": "Wed, 22 Aug 2018 11:00:00 +0200",
        "Message-ID": message_id or f"<{next(_number)}.letter@wonderland.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
        "MIME-Version": "1.0",
        "Content-Type": kind,
    }
    return ("".join(f"{name}: {value}\n" for name, value in head.items()) + "\n" + text).encode()


def take(raw: bytes, box: Mailbox | None = None, now: datetime = NOW) -> InboundMail:
    return inbound.ingest(raw=raw, mailbox=box or mailbox(), now=now)


def kept(mail: InboundMail) -> bytes:
    """The message as it came."""
    with mail.raw.open() as file:
        return bytes(file.read())
