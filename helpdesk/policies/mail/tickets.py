"""Which ticket a message is about: by its references, the address it was sent to, or its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from . import parsing
from .known import House, Known, KnownTicket

_PLUS = re.compile(r"(.+)\+([0-9]+)-([a-z0-9]+)@(.+)")
_IN_SUBJECT = re.compile(r"\[#([0-9]+)\]")
_DELIVERED = ("To", "Cc", "Delivered-To", "X-Original-To")
_NO_TICKET = -1
_LONGEST_ID = 18
STRANGER = "sender_not_on_ticket"  # had a mail of ours, and is nobody whom we know on the ticket


@dataclass(frozen=True, slots=True)
class Named:
    """What a message says it is about: tickets with a token, those of its subject."""

    with_token: tuple[tuple[int, str], ...]
    in_subject: tuple[int, ...]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset({ticket for ticket, _token in self.with_token} | set(self.in_subject))


@dataclass(frozen=True, slots=True)
class Found:
    ticket: KnownTicket | None = None
    flags: frozenset[str] = frozenset()


def named(message: EmailMessage, house: House) -> Named:
    subject = parsing.text_of(message, "Subject") or ""
    return Named(
        with_token=(*_in_references(message, house.tickets_domain), *_in_addresses(message, house.mailboxes)),
        in_subject=tuple(_id(digits) for digits in _IN_SUBJECT.findall(subject)),
    )


def in_text(text: str, domain: str) -> list[tuple[int, str]]:
    """Tickets and tokens of the Message-IDs of our form in a text, from left to right."""
    ours = re.compile(rf"<ticket-([0-9]+)\.([a-z0-9]+)@{re.escape(domain.lower())}>")
    return [(_id(digits), token) for digits, token in ours.findall(text.lower())]


def _in_references(message: EmailMessage, domain: str) -> Iterator[tuple[int, str]]:
    yield from in_text(parsing.text_of(message, "In-Reply-To") or "", domain)
    yield from reversed(in_text(parsing.text_of(message, "References") or "", domain))


def _in_addresses(message: EmailMessage, mailboxes: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for address in (each for header in _DELIVERED for each in parsing.addresses(message, header)):
        plus = _PLUS.fullmatch(address.lower())
        if plus and f"{plus[1]}@{plus[4]}" in mailboxes:
            yield _id(plus[2]), plus[3]


def _id(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST_ID else _NO_TICKET


def find(about: Named, *, sender: str, is_staff: bool, known: Known) -> Found:
    """The ticket, with what is wrong about how it was named."""
    tickets = [(known.tickets.get(number), token) for number, token in about.with_token]
    right = [ticket for ticket, token in tickets if ticket and ticket.token.lower() == token]
    flags = {"bad_token"} if len(right) < len(tickets) else set()
    if right:
        if not (is_staff or _is_on(right[0], sender, known)):
            flags.add(STRANGER)
        return Found(right[0], frozenset(flags))
    return _by_subject(about, sender=sender, is_staff=is_staff, known=known, flags=flags)


def _by_subject(about: Named, *, sender: str, is_staff: bool, known: Known, flags: set[str]) -> Found:
    tickets = [known.tickets[number] for number in about.in_subject if number in known.tickets]
    for ticket in tickets:
        if is_staff or _is_on(ticket, sender, known):
            return Found(ticket, frozenset(flags))
    return Found(None, frozenset(flags | {"subject_not_trusted"} if tickets else flags))


def _is_on(ticket: KnownTicket, sender: str, known: Known) -> bool:
    theirs = ticket.customer is not None and ticket.customer in known.customers_with(sender)
    return theirs or ticket.requester.lower() == sender


def last_of(ticket: KnownTicket, tickets: Mapping[int, KnownTicket]) -> KnownTicket:
    """The ticket into which this one was merged, at last."""
    been: set[int] = set()
    while ticket.merged_into is not None and ticket.id not in been and ticket.merged_into in tickets:
        been.add(ticket.id)
        ticket = tickets[ticket.merged_into]
    return ticket
