"""What is done with tickets, with one or with many: given to somebody, moved, linked, closed, reopened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.models import CloseReason, Ticket, Watching
from helpdesk.services import due_times
from helpdesk.services.tickets import closing, posting
from helpdesk.services.tickets.speaking import must_have_seen
from herotill.errors import DomainError
from herotill.users.models import User

State = Ticket.State
MOVES = ("department", "category", "priority", "subject")
LINKS = ("customer", "account", "nas", "outage")


@transaction.atomic
def assign(*, ticket: Ticket, assignee: User | None, actor: User | None, now: datetime) -> None:
    """Give a ticket to somebody, or to nobody.

    Raises DomainError for who cannot work on tickets, and for a ticket that is closed.
    """
    if posting.hold_one(ticket).state == State.CLOSED:
        raise DomainError("This ticket is closed. Reopen it first.")
    assign_many(tickets=[ticket.pk], assignee=assignee, actor=actor, now=now)
    ticket.refresh_from_db()


@transaction.atomic
def assign_many(
    *, tickets: Collection[int], assignee: User | None, actor: User | None, now: datetime
) -> list[int]:
    """The same for many; returns those that somebody else had. Closed and merged ones stay as they are."""
    if assignee and not (assignee.is_active and assignee.is_staff_member):
        raise DomainError(f"{assignee} cannot be given tickets.", field="assignee")
    given = [
        one
        for one in posting.hold(tickets).values()
        if one.state != State.CLOSED and one.assignee_id != (assignee.pk if assignee else None)
    ]
    for ticket in given:
        ticket.assignee = assignee
    posting.store(given, "assignee")
    words = f"Given to {assignee}." if assignee else "Given to nobody."
    posts = posting.happened({one.pk: words for one in given}, now, actor)
    posting.tell("assigned", posts, {one.pk: one for one in given})
    return [one.pk for one in given]


def watch(*, ticket: Ticket, user: User, on: bool = True) -> None:
    """Have somebody told what happens on a ticket, or no longer; twice is once."""
    if on:
        Watching.objects.bulk_create([Watching(ticket=ticket, user=user)], ignore_conflicts=True)
    else:
        Watching.objects.filter(ticket=ticket, user=user).delete()


@transaction.atomic
def watch_only(*, ticket: Ticket, users: Collection[User]) -> None:
    """Have just these people told what happens on a ticket."""
    Watching.objects.filter(ticket=ticket).exclude(user__in=users).delete()
    Watching.objects.bulk_create(
        (Watching(ticket=ticket, user=user) for user in users), ignore_conflicts=True
    )


@transaction.atomic
def move(*, ticket: Ticket, actor: User | None, now: datetime, **to: Any) -> None:
    """Put a ticket into another `department`, `category`, `priority`, or give it another `subject`."""
    posting.hold_one(ticket)
    move_many(tickets=[ticket.pk], actor=actor, now=now, **to)
    ticket.refresh_from_db()


@transaction.atomic
def move_many(*, tickets: Collection[int], actor: User | None, now: datetime, **to: Any) -> list[int]:
    """The same for many; returns those that changed. Due times are reckoned anew."""
    _only(to, MOVES)
    changed = _differing(posting.hold(tickets), to)
    moved = [ticket for ticket, _ in changed]
    posting.store(moved, *to)
    posting.happened({ticket.pk: words for ticket, words in changed}, now, actor)
    due_times.set_due(tickets=[ticket.pk for ticket in moved], now=now)
    return [ticket.pk for ticket in moved]


def _only(to: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(to) - set(known):
        raise TypeError(f"Tickets are not given {', '.join(sorted(unknown))} here.")


def _differing(held: Mapping[int, Ticket], to: Mapping[str, Any]) -> list[tuple[Ticket, str]]:
    """Those that these values change, with the words of it; the values are set on them."""
    found = []
    for ticket in held.values():
        words = [] if ticket.merged_into_id else _changes(ticket, to)
        if words:
            found.append((ticket, " ".join(words)))
    return found


def _changes(ticket: Ticket, to: Mapping[str, Any]) -> list[str]:
    words = []
    for name, value in to.items():
        was = getattr(ticket, name)
        if was != value:
            label = str(Ticket._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            words.append(f"{label[:1].upper()}{label[1:]}: {was or 'none'} → {value or 'none'}.")
            setattr(ticket, name, value)
    return words


@transaction.atomic
def link(*, ticket: Ticket, actor: User | None, now: datetime, **to: Any) -> None:
    """Say whom or what a ticket is about: `customer`, `account`, `nas`, `outage`; None takes it off.

    A data account brings its customer. Another customer ends the links that were mailed so far, and has what
    was merged into it. Raises DomainError for an account of somebody else.
    """
    _only(to, LINKS)
    held = posting.hold_one(ticket)
    whose = held.customer_id
    if (account := to.get("account")) and "customer" not in to:
        to["customer"] = account.customer
    words = _changes(held, to)
    if held.account and held.account.customer_id != held.customer_id:
        if account:
            raise DomainError(f"{account} is not a data account of this customer.", field="account")
        held.account = None
    if held.customer_id != whose:
        held.link_version += 1
        Ticket.objects.filter(merged_into=held).update(customer=held.customer_id)
    posting.store([held], *LINKS, "link_version")
    posting.happened({held.pk: " ".join(words)} if words else {}, now, actor)
    due_times.set_due(tickets=[held.pk], now=now)
    ticket.refresh_from_db()


@transaction.atomic
def close(
    *,
    ticket: Ticket,
    reason: CloseReason | None,
    actor: User | None,
    now: datetime,
    words: str = "",
    seen: int | None = None,
    via: str = posting.Via.DESK,
) -> None:
    """Close a ticket; a reason is compulsory.

    Raises DomainError without one, for a ticket that is closed, and where the customer wrote since `seen`.
    """
    held = posting.hold_one(ticket)
    if held.state == State.CLOSED:
        raise DomainError("This ticket is closed already.")
    must_have_seen(held, seen, actor)
    closing.close_held([held], reason, words, actor, now, via)
    ticket.refresh_from_db()


@transaction.atomic
def close_many(
    *,
    tickets: Collection[int],
    reason: CloseReason | None,
    actor: User | None,
    now: datetime,
    words: str = "",
    since: datetime | None = None,
) -> tuple[list[int], list[int]]:
    """The same for many: those that it closed, and those that it left, for the customer had the last word there.

    Who sees tickets in a list has not read it. With `since` only what they wrote from then on counts.
    """
    open_ones = [one for one in posting.hold(tickets).values() if one.state != State.CLOSED]
    left = {one.pk for one in open_ones if one.last_by_customer and (since is None or one.last_at >= since)}
    closed = [one for one in open_ones if one.pk not in left]
    closing.close_held(closed, reason, words, actor, now)
    return [one.pk for one in closed], sorted(left)


@transaction.atomic
def reopen(*, ticket: Ticket, why: str, actor: User | None, now: datetime) -> None:
    """Open a closed ticket again. Raises DomainError for one that is open, or was merged into another."""
    held = posting.hold_one(ticket)
    if held.state != State.CLOSED:
        raise DomainError("This ticket is open.")
    closing.reopen_held(held, why.strip()[:500] or "by hand", actor, now)
    ticket.refresh_from_db()
