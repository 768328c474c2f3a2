"""Closing and reopening, on tickets that are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk.models import CloseReason, Ticket
from helpdesk.services import due_times
from helpdesk.services.tickets import posting
from herotill.errors import DomainError
from herotill.users.models import User

State = Ticket.State
CLOSING = ("state", "closed_at", "closed_by", "close_reason", "close_words")


def close_held(
    tickets: Sequence[Ticket],
    reason: CloseReason | None,
    words: str,
    actor: User | None,
    now: datetime,
    via: str = posting.Via.DESK,
) -> None:
    """Close tickets that are open. Raises DomainError without a reason, or for one that is retired."""
    if reason is None:
        raise DomainError("Say why the ticket is closed.", field="reason")
    if reason.retired:
        raise DomainError(f"“{reason}” is no longer offered.", field="reason")
    said = " ".join(words.replace("\0", "").split())[:500]
    for ticket in tickets:
        ticket.state, ticket.closed_at, ticket.closed_by = State.CLOSED, now, actor
        ticket.close_reason, ticket.close_words = reason, said
    posting.store(tickets, *CLOSING)
    due_times.set_due(tickets=[ticket.pk for ticket in tickets], now=now)
    text = f"Closed: {reason}. {said}".strip()
    posts = posting.happened({ticket.pk: text for ticket in tickets}, now, actor, via)
    posting.tell("closed", posts, {ticket.pk: ticket for ticket in tickets}, reason=reason.pk)


def reopen_held(
    ticket: Ticket, why: str, actor: User | None, now: datetime, via: str = posting.Via.DESK
) -> None:
    """Open a closed ticket again; it counts how often."""
    ticket.state, ticket.closed_at, ticket.closed_by = State.OPEN, None, None
    ticket.close_reason, ticket.close_words = None, ""
    ticket.reopened += 1
    posting.store([ticket], *CLOSING, "reopened")
    posts = posting.happened({ticket.pk: f"Reopened: {why}"}, now, actor, via)
    posting.tell("reopened", posts, {ticket.pk: ticket})
    due_times.begin_again(tickets=[ticket.pk], now=now)
