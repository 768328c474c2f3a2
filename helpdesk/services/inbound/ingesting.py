"""Taking in a message: once, whoever brings it and however often."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.models import InboundMail, Mailbox
from helpdesk.policies.mail import outcome, parsing
from helpdesk.policies.mail.known import House, Judgement
from helpdesk.policies.mail.outcome import Letter
from helpdesk.selectors import inbound as reading
from helpdesk.services.inbound import acting
from helpdesk.services.locking import alone_with
from herotill import storing

FAILED = "not_taken_in"


def ingest(*, raw: bytes, mailbox: Mailbox, now: datetime, house: House | None = None) -> InboundMail:
    """What became of a message that came to a mailbox.

    One transaction; the same message again, from any mailbox, is a duplicate. `house` saves asking for it anew
    for each of many.
    """
    house = house or reading.house()
    read = outcome.read(raw, house)
    if isinstance(read, Judgement):
        return _refused(raw, mailbox, now, str(read.reason), keeps=read.reason != "message_too_large")
    with transaction.atomic():
        alone_with(f"mail:{read.key}")
        known = reading.known(read, now=now)
        judged = outcome.judge(read, mailbox=mailbox.address, house=house, known=known)
        if judged.outcome == InboundMail.Outcome.DUPLICATE:
            return _again(read, mailbox, now)
        mail = _row(read, judged, mailbox, now)
        acting.act(mail, judged, read, now)
        mail.save()
    return mail


def give_up(*, raw: bytes, mailbox: Mailbox, now: datetime) -> InboundMail:
    """Write down a message that could not be taken in; it is kept for somebody to look at."""
    return _refused(raw, mailbox, now, FAILED, keeps=True)


def too_large(*, uid: str, size: int, mailbox: Mailbox, now: datetime) -> InboundMail:
    """Write down a message that was not even fetched; `uid` is by which its mailbox knows it."""
    return _once(f"{uid} of {size}".encode(), mailbox, size=size, reason="message_too_large", received_at=now)


def _refused(raw: bytes, mailbox: Mailbox, now: datetime, reason: str, *, keeps: bool) -> InboundMail:
    def kept() -> str:
        return _kept(raw, hashlib.sha256(raw).hexdigest(), mailbox, now) if keeps else ""

    return _once(raw, mailbox, size=len(raw), reason=reason, received_at=now, raw=kept)


def _once(known_by: bytes, mailbox: Mailbox, **told: Any) -> InboundMail:
    """What is refused is written down once for each mailbox, however long it cannot be moved away."""
    key = hashlib.sha256(b"refused\0" + known_by).hexdigest()
    with transaction.atomic():
        alone_with(f"mail:{key}")
        refused, _new = InboundMail.objects.get_or_create(
            key=key, mailbox=mailbox, outcome=InboundMail.Outcome.REFUSED, defaults=told
        )
    return refused


def _again(letter: Letter, mailbox: Mailbox, now: datetime) -> InboundMail:
    """A duplicate is written down once for each mailbox, however often it is brought."""
    told: dict[str, Any] = {
        "received_at": now,
        "message_id": _message_id(letter),
        "size": len(letter.raw),
        "sender": letter.sender[:254],
        "sender_name": letter.sender_name[:200],
    }
    again, _new = InboundMail.objects.get_or_create(
        key=letter.key, mailbox=mailbox, outcome=InboundMail.Outcome.DUPLICATE, defaults=told
    )
    return again


def _row(letter: Letter, judged: Judgement, mailbox: Mailbox, now: datetime) -> InboundMail:
    return InboundMail(
        mailbox=mailbox,
        received_at=now,
        key=letter.key,
        message_id=_message_id(letter),
        raw=_kept(letter.raw, letter.key, mailbox, now),
        size=len(letter.raw),
        outcome=judged.outcome,
        reason=judged.reason or "",
        flags=list(judged.flags),
        sender=letter.sender[:254],
        sender_name=letter.sender_name[:200],
        subject=(judged.subject or "")[:200],
        sent_at=judged.date,
        ticket_id=judged.ticket,
        customer_id=int(judged.customer) if judged.customer else None,
        candidates=[int(each) for each in judged.candidates],
        failed_recipients=[one[:254] for one in judged.failed_recipients if parsing.is_address(one)],
    )


def _message_id(letter: Letter) -> str:
    return letter.message_id.replace("\0", "")[:500]


def _kept(raw: bytes, digest: str, mailbox: Mailbox, now: datetime) -> str:
    """The raw message on disk, under a name that is the same when it is brought again."""
    name = f"mail/{now:%Y/%m}/{digest}-{mailbox.pk}.eml"
    storing.keep({name: raw})
    return name
