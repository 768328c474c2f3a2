"""The page of one ticket: what is said on it, and what this person may do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.models import Ticket
from helpdesk.selectors import tickets as reading
from herotill.access import may
from herotill.users.models import User

State = Ticket.State
ANSWER, ASSIGN = "helpdesk.answer_ticket", "helpdesk.assign_ticket"
CHANGE, CLOSE, MERGE = "helpdesk.change_ticket", "helpdesk.close_ticket", "helpdesk.merge_ticket"


@dataclass(frozen=True, slots=True)
class Deed:
    """A button of the page; its dialog is `helpdesk:ticket-<name>`."""

    name: str
    label: str
    icon: str


def deeds(user: User, ticket: Ticket) -> Iterator[Deed]:
    """What can be done with the ticket by this person, as buttons at its head."""
    if ticket.merged_into_id:
        return
    if may(user, ASSIGN):
        yield Deed("assign", "Give to…", "user-plus")
    if may(user, CHANGE):
        yield Deed("move", "Move…", "arrows-right-left")
    if may(user, CLOSE):
        closed = ticket.state == State.CLOSED
        yield (
            Deed("reopen", "Reopen", "arrow-uturn-left")
            if closed
            else Deed("close", "Close…", "check-circle")
        )


def more(user: User, ticket: Ticket) -> Iterator[Deed]:
    """What stands in the menu."""
    if ticket.merged_into_id:
        return
    if may(user, CHANGE):
        yield Deed("link", "Link to customer, account, NAS…", "link")
    if may(user, MERGE):
        yield Deed("merge", "Merge others into this…", "arrows-pointing-in")
        yield Deed("split", "Split…", "arrows-pointing-out")
    if may(user, ASSIGN):
        yield Deed("watchers", "Who is told…", "eye")


def page(user: User, ticket: Ticket, *, whole: bool, now: datetime) -> dict[str, Any]:
    """All that the page shows besides its forms."""
    talk = reading.conversation(ticket, whole=whole)
    watchers = list(ticket.watchers.order_by("name"))
    return {
        "ticket": ticket,
        "talk": talk,
        "deeds": list(deeds(user, ticket)),
        "more": list(more(user, ticket)),
        "answers": may(user, ANSWER) and not ticket.merged_into_id,
        "takes": may(user, ASSIGN) and ticket.state != State.CLOSED and ticket.assignee_id != user.pk,
        "watchers": watchers,
        "watches": user in watchers,
        "sees_customer": may(user, "customers.view_customer"),
        "others": list(reading.likely_to_merge(ticket)),
        "merged": list(ticket.merged.order_by("pk")),
        "followed_by": list(ticket.followed_by.order_by("pk")),
        "answer_is_late": _late(ticket.answer_due_at, ticket.answered_at or now),
        "solve_is_late": _late(ticket.solve_due_at, ticket.closed_at or now),
    }


def _late(due: datetime | None, done: datetime) -> bool:
    return bool(due and due < done)
