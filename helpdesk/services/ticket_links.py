"""The address of a ticket that opens without a log-in: whose it is, and how long it works."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from helpdesk.models import Ticket
from helpdesk.selectors import correspondents
from helpdesk.selectors.rules import rules
from herotill import links
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.typed import number

KIND = "ticket"
OCTETS = 24


def token_of(ticket: Ticket, address: str) -> str:
    """What opens this ticket for whoever reads mail at this address; worked out anew each time, kept nowhere."""
    said = f"{ticket.pk}:{ticket.link_version}:{address.lower()}"
    digest = salted_hmac("helpdesk.ticket", said, algorithm="sha256").digest()[:OCTETS]
    return f"{ticket.pk}-{base64.urlsafe_b64encode(digest).decode()}"


def opened(*, token: str, now: datetime) -> tuple[Ticket, str] | None:
    """The ticket that a token opens and the address it was mailed to; None for one that opens nothing.

    It ends some days after the ticket was closed, when the version is raised, and for an address that gets the
    ticket's mails no longer. One of a merged ticket opens the one that goes on.
    """
    said, _, _ = token.partition("-")
    found = Ticket.objects.select_related("customer", "department").filter(pk=number(said) or 0).first()
    if found is None:
        return None
    address = next((one for one in correspondents.of(found) if _opens(token, found, one)), "")
    ticket = _where_it_goes_on(found)
    if not address or not works(ticket, now) or address not in correspondents.of(ticket):
        return None
    return ticket, address


def _opens(token: str, ticket: Ticket, address: str) -> bool:
    return constant_time_compare(token, token_of(ticket, address))


def _where_it_goes_on(ticket: Ticket) -> Ticket:
    while ticket.merged_into_id:
        ticket = Ticket.objects.select_related("customer", "department").get(pk=ticket.merged_into_id)
    return ticket


def works(ticket: Ticket, now: datetime) -> bool:
    """Whether links to this ticket still open it."""
    if ticket.forgotten_on:
        return False
    return not ticket.closed_at or now <= ticket.closed_at + timedelta(days=rules().link_days)


def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The address of the ticket, put in as the mail goes out. Raises DomainError where it is too late for it."""
    ticket = Ticket.objects.filter(pk=message.subject_id or 0).first()
    if ticket is None or ticket.forgotten_on:
        raise DomainError("This ticket was forgotten before its mail was sent.")
    return {"link": links.address("ticket-link", token_of(ticket, message.address))}
