"""What all deeds on tickets share: holding them, writing what was said or what happened, telling the fact."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from helpdesk.models import Post, Ticket
from helpdesk.selectors import counts
from helpdesk.services.tickets import files as storing
from helpdesk.services.tickets.files import NewFile
from helpdesk.services.writing import write
from herotill.errors import DomainError
from herotill.events import NewFact, record_many
from herotill.users.models import User

State, Kind, Via = Ticket.State, Post.Kind, Post.Via
GONE = "This ticket is not there."


def hold(tickets: Collection[int]) -> dict[int, Ticket]:
    """These tickets, held until the transaction ends; always in the order of their numbers."""
    held = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=tickets)
    return {ticket.pk: ticket for ticket in held.order_by("pk")}


def hold_one(ticket: Ticket) -> Ticket:
    """The ticket as it is now, held. Raises DomainError for one that was merged into another."""
    held = hold([ticket.pk]).get(ticket.pk)
    if held is None:
        raise DomainError(GONE)
    if held.merged_into_id:
        raise DomainError(f"Ticket #{held.pk} was merged into #{held.merged_into_id}; go on there.")
    return held


def hold_where_it_goes_on(ticket: Ticket) -> Ticket:
    """The same for a word of the customer: it counts on the ticket into which theirs was merged.

    Those on the way are not held: they lead there for ever, and to hold them first would be out of order.
    """
    wanted = ticket.pk
    while True:
        leads_to = Ticket.objects.values_list("merged_into", flat=True).get(pk=wanted)
        if leads_to is None:
            held = hold([wanted])[wanted]
            if held.merged_into_id is None:
                return held
            leads_to = held.merged_into_id
        wanted = leads_to


def post(
    ticket: Ticket,
    kind: str,
    text: str,
    now: datetime,
    *,
    author: User | None = None,
    via: str = Via.DESK,
    files: Sequence[NewFile] = (),
    **fields: Any,
) -> Post:
    """Write one thing on a ticket that is held."""
    written = Post.objects.create(
        ticket=ticket, kind=kind, text=text, at=now, author=author, via=via, **fields
    )
    if files:
        storing.keep(written, files)
    return written


def happened(words: Mapping[int, str], now: datetime, author: User | None, via: str = Via.DESK) -> list[Post]:
    """Write what happened to each of these tickets; customers never see it."""
    return Post.objects.bulk_create(
        Post(ticket_id=ticket, kind=Kind.EVENT, text=said, at=now, author=author, via=via)
        for ticket, said in words.items()
    )


def tell(kind: str, posts: Sequence[Post], tickets: Mapping[int, Ticket], **data: Any) -> None:
    """Record the fact `ticket.<kind>` that each of these posts stands for; what is known of it is in its data."""
    record_many(
        NewFact(
            kind=f"ticket.{kind}",
            key=f"ticket.{kind}-{one.pk}",
            customer_id=tickets[one.ticket_id].customer_id,
            subject_kind="ticket",
            subject_id=one.ticket_id,
            data={"post": one.pk, "actor": one.author_id, "assignee": tickets[one.ticket_id].assignee_id}
            | data,
        )
        for one in posts
    )


def store(tickets: Collection[Ticket], *fields: str) -> None:
    """Write these fields of tickets that are held."""
    if tickets:
        write(tickets, fields)
        counts.changed()
