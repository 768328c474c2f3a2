"""Opening tickets."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.models import Customer
from helpdesk.models import Category, Department, Post, Priority, Ticket
from helpdesk.policies import tickets as policy
from helpdesk.selectors import counts
from helpdesk.selectors.rules import usual_priority
from helpdesk.services import due_times
from helpdesk.services.tickets import posting
from helpdesk.services.tickets.files import NewFile
from herotill.users.models import User

Origin, Kind, Via = Ticket.Origin, Post.Kind, Post.Via
FROM_OUTSIDE = {Origin.PORTAL: Via.PORTAL, Origin.EMAIL: Via.EMAIL}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a post, as they are called and where they write from."""

    name: str
    email: str


@transaction.atomic
def open_ticket(
    *,
    subject: str,
    text: str,
    department: Department,
    actor: User | None,
    now: datetime,
    origin: str = Origin.STAFF,
    kind: str = "",
    customer: Customer | None = None,
    category: Category | None = None,
    priority: Priority | None = None,
    assignee: User | None = None,
    account: Any = None,
    nas: Any = None,
    outage: Any = None,
    about_kind: str = "",
    about_id: int | None = None,
    requester_name: str = "",
    requester_email: str = "",
    linked_to: Ticket | None = None,
    writer: Writer | None = None,
    files: Sequence[NewFile] = (),
    html: str = "",
    via: str = "",
) -> Ticket:
    """A new ticket with its first post.

    What staff, the portal and mail open begins with what the customer said; what a rating, a job or a denied
    cancellation opens begins with what happened, which the customer does not see. `kind` says otherwise: an
    answer, when staff write first, or a note. One about a thing (`about_kind`, `about_id`) that has a ticket
    already is that ticket. `writer` is who says the first post, where that is not who asks. Raises DomainError
    where there is no priority.
    """
    if about_id is not None and (known := _about(about_kind, about_id)):
        return known
    begins = kind or _kind(origin)
    answered = begins == Kind.ANSWER
    ticket = Ticket.objects.create(
        state=Ticket.State.PENDING if answered else Ticket.State.OPEN,
        answered_at=now if answered else None,
        token=secrets.token_hex(8),
        subject=policy.headline(subject),
        origin=origin,
        department=department,
        category=category,
        priority=priority or usual_priority(),
        assignee=assignee,
        customer=customer or (account.customer if account else None),
        account=account,
        nas=nas,
        outage=outage,
        about_kind=about_kind,
        about_id=about_id,
        requester_name=requester_name[:200],
        requester_email=requester_email.strip().lower()[:254],
        linked_to=linked_to,
        opened_at=now,
        opened_by=actor,
        last_at=now,
        last_by_customer=begins == Kind.SAID,
    )
    said_by = writer or Writer(ticket.requester_name, ticket.requester_email)
    _begin(ticket, begins, policy.clean(text), actor, now, files, html, via, said_by)
    due_times.set_due(tickets=[ticket.pk], now=now)
    ticket.refresh_from_db()
    return ticket


def _about(kind: str, pk: int) -> Ticket | None:
    return Ticket.objects.filter(about_kind=kind, about_id=pk).first()


def _kind(origin: str) -> str:
    return Kind.SAID if origin in (Origin.STAFF, *FROM_OUTSIDE) else Kind.EVENT


def _begin(
    ticket: Ticket,
    kind: str,
    text: str,
    actor: User | None,
    now: datetime,
    files: Sequence[NewFile],
    html: str,
    via: str,
    said_by: Writer,
) -> None:
    """The first post, and what it says of the ticket."""
    by = {"author_name": said_by.name[:200], "author_email": said_by.email.strip().lower()[:254]}
    first = posting.post(
        ticket,
        kind,
        text,
        now,
        author=actor,
        via=via or FROM_OUTSIDE.get(ticket.origin, Via.DESK if actor else Via.JOB),  # type: ignore[call-overload]
        files=files,
        html=html,
        **(by if kind == Kind.SAID else {}),
    )
    counts.changed()
    told = {ticket.pk: ticket}
    posting.tell("opened", [first], told, origin=str(ticket.origin))
    if kind == Kind.ANSWER:
        posting.tell("answered", [first], told)
    if ticket.assignee_id:
        posting.tell("assigned", [first], told)
