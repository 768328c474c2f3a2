"""Departments, tickets and what is said on them, as the tests' stories need them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from customers.models import Customer
from helpdesk.models import CloseReason, Department, Post, Priority, Ticket
from helpdesk.services import tickets
from herotill.users.models import User

NOON = datetime(2018, 8, 22, 10, tzinfo=UTC)  # noon here, a Wednesday


def make_department(name: str = "Support", *members: User, **fields: Any) -> Department:
    """The department of this name, made where there is none, with these people in it."""
    department, _ = Department.objects.get_or_create(name=name, defaults=fields)
    department.members.add(*members)
    return department


def make_priority(name: str = "Normal", **fields: Any) -> Priority:
    """The priority of this name, with these times."""
    priority, _ = Priority.objects.update_or_create(name=name, defaults=fields)
    return priority


def make_reason(name: str = "Solved") -> CloseReason:
    """The reason for closing of this name."""
    return CloseReason.objects.get_or_create(name=name)[0]


def make_ticket(
    customer: Customer | None = None,
    subject: str = "No connection",
    text: str = "It does not work since this morning.",
    *,
    department: Department | str = "Support",
    now: datetime = NOON,
    state: str = "open",
    **fields: Any,
) -> Ticket:
    """A ticket of `customer`, or of whom `requester_email` names; `state` puts it further at once."""
    where = department if isinstance(department, Department) else make_department(department)
    if not Priority.objects.filter(retired=False).exists():
        make_priority(usual=True)
    ticket = tickets.open_ticket(
        subject=subject,
        text=text,
        department=where,
        customer=customer,
        now=now,
        **({"actor": None} | fields),
    )
    if state == "closed":
        tickets.close(ticket=ticket, reason=make_reason(), actor=fields.get("actor"), now=now)
    elif state != "open":
        Ticket.objects.filter(pk=ticket.pk).update(state=state)
        ticket.refresh_from_db()
    return ticket


def say(
    ticket: Ticket, text: str = "And now?", *, now: datetime = NOON, via: str = "portal", **fields: Any
) -> Post:
    """The customer speaks."""
    return tickets.say(ticket=ticket, text=text, via=via, now=now, **fields)
