"""What is said on tickets: by us, among ourselves, and by the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from helpdesk.models import CloseReason, Post, Ticket
from helpdesk.policies import tickets as policy
from helpdesk.selectors.rules import rules
from helpdesk.services import due_times
from helpdesk.services.tickets import closing, opening, posting
from helpdesk.services.tickets.files import NewFile
from herotill.errors import DomainError
from herotill.users.models import User

State, Kind, Via = Ticket.State, Post.Kind, Post.Via


@transaction.atomic
def answer(
    *,
    ticket: Ticket,
    text: str,
    actor: User,
    now: datetime,
    state: str = State.PENDING,
    files: Sequence[NewFile] = (),
    reason: CloseReason | None = None,
    words: str = "",
    seen: int | None = None,
) -> Post:
    """Answer the customer; the ticket waits for them then, stays open, or is closed for `reason`.

    `seen` is the id of the last post that stood there while the answer was written; the very same answer sent
    again since is that one. Raises DomainError where somebody else answered or the customer wrote since, for a
    ticket that is closed, and for an empty answer.
    """
    said = _said(text, files)
    held = posting.hold_one(ticket)
    if seen is not None and (sent := _sent(held, seen, said, actor)):
        return sent
    _must_be_open(held)
    must_have_seen(held, seen, actor)
    written = posting.post(held, Kind.ANSWER, said, now, author=actor, files=files)
    held.answered_at = held.answered_at or now
    held.last_at, held.last_by_customer = now, False
    held.state = State.PENDING if state == State.CLOSED else State(state)
    posting.store([held], "answered_at", "last_at", "last_by_customer", "state")
    due_times.set_due(tickets=[held.pk], now=now)
    posting.tell("answered", [written], {held.pk: held})
    if state == State.CLOSED:
        closing.close_held([held], reason, words, actor, now)
    ticket.refresh_from_db()
    return written


@transaction.atomic
def note(*, ticket: Ticket, text: str, actor: User, now: datetime, files: Sequence[NewFile] = ()) -> Post:
    """Write a note among ourselves; it changes nothing else of the ticket. Raises DomainError for an empty one."""
    said = _said(text, files)
    held = posting.hold_one(ticket)
    return posting.post(held, Kind.NOTE, said, now, author=actor, files=files)


@transaction.atomic
def say(
    *,
    ticket: Ticket,
    text: str,
    via: str,
    now: datetime,
    author_name: str = "",
    author_email: str = "",
    files: Sequence[NewFile] = (),
    html: str = "",
    actor: User | None = None,
) -> Post:
    """The customer speaks: the ticket is ours again, and opens again if it was closed lately.

    After the days that the settings give, a new ticket follows the closed one; on one that was merged it counts
    where that goes on. The post's ticket is the one it counts on. `actor` is who wrote it down for them, or
    their own log-in. Raises DomainError for an empty word.
    """
    said = _said(text, files)
    held = posting.hold_where_it_goes_on(ticket)
    effect = policy.reply(held.state, held.closed_at, now, rules().reopen_days)
    if effect is policy.Reply.FOLLOWS:
        return _follow(held, said, via, now, author_name, author_email, files, html, actor)
    written = posting.post(
        held,
        Kind.SAID,
        said,
        now,
        author=actor,
        via=via,
        files=files,
        html=html,
        author_name=author_name[:200],
        author_email=author_email.strip().lower()[:254],
    )
    if effect is policy.Reply.REOPENS:
        closing.reopen_held(held, "The customer wrote again.", None, now, via)
    held.state, held.last_at, held.last_by_customer = State.OPEN, now, True
    posting.store([held], "state", "last_at", "last_by_customer")
    due_times.set_due(tickets=[held.pk], now=now)
    posting.tell("said", [written], {held.pk: held}, reopened=effect is policy.Reply.REOPENS)
    return written


def _follow(
    closed: Ticket,
    text: str,
    via: str,
    now: datetime,
    name: str,
    email: str,
    files: Sequence[NewFile],
    html: str,
    actor: User | None,
) -> Post:
    origin = Ticket.Origin.EMAIL if via == Via.EMAIL else Ticket.Origin.PORTAL
    ticket = opening.open_ticket(
        subject=closed.subject,
        text=text,
        department=closed.department,
        category=closed.category,
        customer=closed.customer,
        account=closed.account,
        requester_name=name or closed.requester_name,
        requester_email=email or closed.requester_email,
        linked_to=closed,
        origin=origin,
        via=via,
        actor=actor,
        now=now,
        files=files,
        html=html,
    )
    return ticket.posts.get()


def _said(text: str, files: Sequence[NewFile]) -> str:
    said = policy.clean(text)
    if not said and not files:
        raise DomainError("Write something first.", field="text")
    if len(said) > policy.TEXT:
        raise DomainError(f"This is longer than {policy.TEXT:,} characters.", field="text")
    return said


def _sent(ticket: Ticket, seen: int, text: str, actor: User) -> Post | None:
    """The same answer by the same person, where a button was pressed twice."""
    return ticket.posts.filter(pk__gt=seen, kind=Kind.ANSWER, author=actor, text=text).last()


def _must_be_open(ticket: Ticket) -> None:
    if ticket.state == State.CLOSED:
        raise DomainError("This ticket is closed. Reopen it to answer.")


def must_have_seen(ticket: Ticket, seen: int | None, actor: User | None) -> None:
    """Refuse what was begun before somebody else answered or the customer wrote."""
    if seen is None:
        return
    since = ticket.posts.filter(pk__gt=seen, kind__in=(Kind.SAID, Kind.ANSWER))
    newest = since.exclude(kind=Kind.ANSWER, author=actor).select_related("author").last()
    if newest is None:
        return
    if newest.kind == Kind.SAID:
        raise DomainError("The customer wrote meanwhile. Read it, then send again.")
    raise DomainError(f"{newest.author} answered meanwhile. Read it, then send again.")
