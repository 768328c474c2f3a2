"""Two tickets about one thing become one; a ticket about two things becomes two."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from helpdesk.models import Post, Presence, Ticket, Watching
from helpdesk.policies import tickets as policy
from helpdesk.policies.tickets import Whose
from helpdesk.services import due_times
from helpdesk.services.tickets import posting
from herotill.errors import DomainError
from herotill.users.models import User

State, Kind = Ticket.State, Post.Kind
SPOKEN = (Kind.SAID, Kind.ANSWER)
MOVING = (*SPOKEN, Kind.NOTE)
SPEAKING = ("answered_at", "last_at", "last_by_customer", "state")


@transaction.atomic
def merge(*, into: Ticket, others: Collection[Ticket], actor: User | None, now: datetime) -> None:
    """Bring what was said on other tickets to `into`; they are closed and lead there.

    All must be the same people's, for whoever reads one will read all; they are the same customer's afterwards.
    Raises DomainError where they are not, for a ticket that was merged before, and where `into` is closed.
    """
    wanted = {one.pk for one in others} - {into.pk}
    held = posting.hold({into.pk, *wanted})
    if into.pk not in held or wanted - held.keys():
        raise DomainError(posting.GONE)
    target = held.pop(into.pk)
    gone = list(held.values())
    _may_merge(target, gone)
    _bring(target, gone)
    _gather(target, gone)
    _end(target, gone, actor, now)
    due_times.set_due(tickets=[target.pk], now=now)
    into.refresh_from_db()


def _may_merge(target: Ticket, others: list[Ticket]) -> None:
    if not others:
        raise DomainError("Choose the tickets to merge into this one.")
    for one in (target, *others):
        if one.merged_into_id:
            raise DomainError(f"Ticket #{one.pk} was merged into #{one.merged_into_id} already.")
    if target.state == State.CLOSED:
        raise DomainError(f"Ticket #{target.pk} is closed. Reopen it first.")
    for one in others:
        if not _whose(target).same(_whose(one)):
            raise DomainError(f"Tickets #{target.pk} and #{one.pk} are not of the same customer.")
    if len({one.customer_id for one in (target, *others) if one.customer_id}) > 1:
        raise DomainError("These tickets are not of the same customer.")


def _whose(ticket: Ticket) -> Whose:
    return Whose(ticket.customer_id, ticket.requester_email)


def _bring(target: Ticket, others: list[Ticket]) -> None:
    """What was said comes along, and says where it was said first; so do those who watch."""
    theirs = Post.objects.filter(ticket__in=others, kind__in=MOVING)
    theirs.update(moved_from=Coalesce("moved_from", "ticket"), ticket=target)
    watching = Watching.objects.filter(ticket__in=others).values_list("user", flat=True)
    Watching.objects.bulk_create(
        (Watching(ticket=target, user_id=user) for user in set(watching)), ignore_conflicts=True
    )
    Presence.objects.filter(ticket__in=others).delete()


def _gather(target: Ticket, others: list[Ticket]) -> None:
    """The target speaks for all: first answer, last word, and it is ours again where one of them was."""
    answered = [one.answered_at for one in (target, *others) if one.answered_at]
    target.answered_at = min(answered, default=None)
    newest = max((target, *others), key=lambda one: one.last_at)
    target.last_at, target.last_by_customer = newest.last_at, newest.last_by_customer
    if target.last_by_customer or any(one.state == State.OPEN for one in others):
        target.state = State.OPEN
    for one in others:
        target.customer_id = target.customer_id or one.customer_id
    target.opened_at = min(one.opened_at for one in (target, *others))
    posting.store([target], *SPEAKING, "customer", "opened_at")


def _end(target: Ticket, others: list[Ticket], actor: User | None, now: datetime) -> None:
    before = Ticket.objects.filter(merged_into__in=others)
    before.update(merged_into=target, customer=target.customer_id)
    for one in others:
        one.merged_into, one.state, one.customer_id = target, State.CLOSED, target.customer_id
        one.closed_at, one.closed_by = one.closed_at or now, one.closed_by or actor
    posting.store(others, "merged_into", "state", "customer", "closed_at", "closed_by")
    words = {one.pk: f"Merged into #{target.pk}." for one in others}
    numbers = ", ".join(f"#{one.pk}" for one in others)
    posting.happened(words | {target.pk: f"Merged with {numbers}."}, now, actor)


@transaction.atomic
def split(
    *, ticket: Ticket, posts: Collection[int], subject: str, actor: User | None, now: datetime
) -> Ticket:
    """Put some of what was said on a ticket on a new one, which follows it.

    Raises DomainError for posts that are not there, and where nothing would be left.
    """
    held = posting.hold_one(ticket)
    there = {one.pk: one for one in held.posts.filter(kind__in=MOVING)}
    chosen = [there[pk] for pk in sorted(set(posts)) if pk in there]
    if not chosen or len(chosen) < len(set(posts)):
        raise DomainError("Choose what goes to the new ticket, of what stands on this one.", field="posts")
    if len(chosen) == len(there):
        raise DomainError("Something has to stay on this ticket.", field="posts")
    made = _apart(held, chosen, policy.headline(subject), actor)
    Post.objects.filter(pk__in=[one.pk for one in chosen]).update(
        moved_from=Coalesce("moved_from", F("ticket")), ticket=made
    )
    _say_anew(held)
    words = {held.pk: f"Split: #{made.pk} goes on with a part.", made.pk: f"Split from #{held.pk}."}
    _, first = posting.happened(words, now, actor)
    posting.tell("opened", [first], {made.pk: made}, origin=str(made.origin))
    due_times.set_due(tickets=[held.pk, made.pk], now=now)
    ticket.refresh_from_db()
    made.refresh_from_db()
    return made


def _apart(ticket: Ticket, chosen: list[Post], subject: str, actor: User | None) -> Ticket:
    """The new ticket: of the same people, as old as the first thing said on it."""
    names = ("department", "category", "priority", "assignee", "customer", "account", "nas", "outage")
    made = Ticket(
        token=secrets.token_hex(8),
        subject=subject,
        opened_by=actor,
        linked_to=ticket,
        requester_name=ticket.requester_name,
        requester_email=ticket.requester_email,
        opened_at=min(one.at for one in chosen),
        **{f"{name}_id": getattr(ticket, f"{name}_id") for name in names},
    )
    _heard(made, chosen)
    made.save()
    return made


def _heard(ticket: Ticket, posts: list[Post]) -> None:
    """First answer and last word, from what stands there."""
    spoken = sorted((one for one in posts if one.kind in SPOKEN), key=lambda one: (one.at, one.pk))
    ticket.answered_at = next((one.at for one in spoken if one.kind == Kind.ANSWER), None)
    ticket.last_at = spoken[-1].at if spoken else ticket.opened_at
    ticket.last_by_customer = bool(spoken) and spoken[-1].kind == Kind.SAID


def _say_anew(ticket: Ticket) -> None:
    _heard(ticket, list(ticket.posts.filter(kind__in=SPOKEN)))
    if ticket.last_by_customer and ticket.state == State.PENDING:
        ticket.state = State.OPEN
    posting.store([ticket], *SPEAKING)
