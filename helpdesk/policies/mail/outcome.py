"""What becomes of a message: step by step, the first that decides ends it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from . import authenticity, bounces, parsing, showing, tickets
from .known import House, Judgement, Known, KnownTicket
from .parts import Part, flat, parameter, tree
from .tickets import Named

_BRACKETS = re.compile(r"<([^>]*)>", re.DOTALL)
_BULK = frozenset({"bulk", "junk", "list"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was read: enough to ask what is known about those it names."""

    raw: bytes
    message: EmailMessage
    root: Part
    sender: str
    sender_name: str
    message_id: str
    """Without brackets; empty if it has none."""
    key: str
    """By which it is known when it comes again: SHA-256 in hexadecimal."""
    about: Named
    failed_recipients: tuple[str, ...]
    returned_id: str
    """The Message-ID of the mail that a bounce is about, as it stands."""
    returned: tuple[tuple[int, str], ...]

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset({self.sender, *self.failed_recipients})

    @property
    def ticket_ids(self) -> frozenset[int]:
        return self.about.ids | {ticket for ticket, _token in self.returned}


def read(raw: bytes, house: House) -> Letter | Judgement:
    """The message, or that it is refused."""
    if len(raw) > house.limits.message_bytes:
        return Judgement("refused", "message_too_large")
    headers = parsing.header_block(raw)
    if headers > house.limits.header_bytes:
        return Judgement("refused", "headers_too_large")
    message = parsing.parse(raw)
    sender = parsing.sender_of(message)
    if not sender:
        return Judgement("refused", "no_sender")
    return _letter(raw, message, sender, raw[headers:], house)


def _letter(raw: bytes, message: EmailMessage, sender: tuple[str, str], body: bytes, house: House) -> Letter:
    name, address = sender
    message_id = _message_id(message)
    root = _tree(message)
    is_report = bounces.is_report(message)
    returned_id = bounces.returned_id(root) if is_report else ""
    return Letter(
        raw=raw,
        message=message,
        root=root,
        sender=address,
        sender_name=name,
        message_id=message_id,
        key=key_of(message_id) if message_id else _key_without_id(message, address, body),
        about=tickets.named(message, house),
        failed_recipients=bounces.failed_recipients(root) if is_report else (),
        returned_id=returned_id,
        returned=tuple(tickets.in_text(returned_id, house.tickets_domain)),
    )


def _tree(message: EmailMessage) -> Part:
    try:
        return tree(message)
    except RecursionError:
        return flat(message)


def _message_id(message: EmailMessage) -> str:
    text = parsing.text_of(message, "Message-ID") or ""
    bracketed = _BRACKETS.search(text)
    return (bracketed[1] if bracketed else text).strip()


def key_of(message_id: str) -> str:
    """How a message of this Message-ID is known when it comes again."""
    return hashlib.sha256(b"id\0" + message_id.encode("utf-8", "replace")).hexdigest()


def _key_without_id(message: EmailMessage, sender: str, body: bytes) -> str:
    texts = [sender, parsing.text_of(message, "Date") or "", parsing.text_of(message, "Subject") or ""]
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removeprefix(b"\n")
    known_by = [*(text.encode("utf-8", "replace") for text in texts), body]
    return hashlib.sha256(b"\0".join([b"text", *known_by])).hexdigest()


def judge(letter: Letter, *, mailbox: str, house: House, known: Known) -> Judgement:
    """What becomes of a message that came to a mailbox."""
    if known.seen:
        return Judgement("duplicate")
    if _is_loop(letter, house):
        return Judgement("ignored", "loop")
    if bounces.is_report(letter.message):
        return _report(letter, known)
    if reason := _by_itself(letter.message):
        return Judgement("ignored", reason)
    return _handled(letter, house.mailboxes[mailbox], house, known)


def _is_loop(letter: Letter, house: House) -> bool:
    if parsing.text_of(letter.message, house.loop_header) is not None:
        return True
    local, _at, domain = letter.sender.rpartition("@")
    return domain == house.tickets_domain.lower() or f"{local.partition('+')[0]}@{domain}" in house.mailboxes


def _report(letter: Letter, known: Known) -> Judgement:
    if parameter(letter.message, "report-type") != "delivery-status":
        return Judgement("ignored", "report")
    if not letter.failed_recipients:
        return Judgement("ignored", "delivery_report")
    theirs = {code for address in letter.failed_recipients for code in known.customers_with(address)}
    return Judgement(
        "bounce",
        ticket=_returned_ticket(letter, known),
        customer=theirs.pop() if len(theirs) == 1 else None,
        failed_recipients=letter.failed_recipients,
    )


def _returned_ticket(letter: Letter, known: Known) -> int | None:
    for number, token in letter.returned[:1]:
        ticket = known.tickets.get(number)
        if ticket and ticket.token.lower() == token:
            return number
    return None


def _by_itself(message: EmailMessage) -> str:
    """Why no person wrote it; empty if one may have."""
    automatic = parsing.text_of(message, "Auto-Submitted")
    suppress, precedence, path = (
        (parsing.text_of(message, name) or "").strip().lower()
        for name in ("X-Auto-Response-Suppress", "Precedence", "Return-Path")
    )
    if automatic is not None and automatic.lower().partition(";")[0].split()[:1] != ["no"]:
        return "auto_submitted"
    if suppress not in ("", "none"):
        return "auto_response_suppress"
    if precedence in _BULK:
        return "precedence"
    return "empty_return_path" if path == "<>" else ""


def _handled(letter: Letter, department: str, house: House, known: Known) -> Judgement:
    is_staff = letter.sender in known.staff
    if is_staff and not authenticity.is_authenticated(
        letter.message, sender=letter.sender, authserv_id=house.authserv_id
    ):
        return _shown(Judgement("triage", department=department), letter, house, known, {"spoofed_staff"})
    found = tickets.find(letter.about, sender=letter.sender, is_staff=is_staff, known=known)
    flags = {*found.flags, *({"staff"} if is_staff else ())}
    if found.ticket:
        judgement = _about(tickets.last_of(found.ticket, known.tickets), department, house, known)
    elif is_staff:
        judgement = Judgement("new_ticket", department=department)
    else:
        judgement = _by_sender(sorted(known.customers_with(letter.sender)), department)
    if judgement.candidates:
        flags.add("shared_sender")
    return _shown(judgement, letter, house, known, flags)


def _about(ticket: KnownTicket, department: str, house: House, known: Known) -> Judgement:
    if ticket.closed and not _reopens(ticket, house, known):
        return Judgement(
            "new_ticket", linked_ticket=ticket.id, department=department, customer=ticket.customer
        )
    return Judgement(
        "reopen" if ticket.closed else "reply",
        ticket=ticket.id,
        department=ticket.department,
        customer=ticket.customer,
    )


def _reopens(ticket: KnownTicket, house: House, known: Known) -> bool:
    closed_at = ticket.closed_at
    return closed_at is not None and closed_at + timedelta(days=house.limits.reopen_days) >= known.now


def _by_sender(codes: Sequence[str], department: str) -> Judgement:
    if not codes:
        return Judgement("triage", department=department)
    if len(codes) == 1:
        return Judgement("new_ticket", department=department, customer=codes[0])
    return Judgement("new_ticket", department=department, candidates=tuple(codes))


def shown_as(letter: Letter, *, house: House, now: datetime) -> Judgement:
    """What is shown of a message that waits for a decision."""
    known = Known(now=now, staff=frozenset(), customers={}, tickets={})
    return _shown(Judgement("triage"), letter, house, known, set())


def _shown(judgement: Judgement, letter: Letter, house: House, known: Known, flags: set[str]) -> Judgement:
    content = showing.shown(letter.message, letter.root, house=house, now=known.now)
    if not letter.message_id:
        flags.add("no_message_id")
    return replace(
        judgement,
        sender=letter.sender,
        subject=content.subject,
        date=content.date,
        text=content.text,
        html=content.html,
        attachments=content.attachments,
        refused_attachments=content.refused,
        flags=tuple(sorted(flags | content.flags)),
    )
