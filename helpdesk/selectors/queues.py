"""Which tickets stand in which list of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Customer
from helpdesk.models import Ticket
from helpdesk.selectors.rules import rules
from helpdesk.selectors.service_levels import due_before
from herotill.clock import stamp
from herotill.folding import fold

State = Ticket.State


def conditions(now: datetime) -> dict[str, Q]:
    """Of the tickets that are not closed, those of each list."""
    late = due_before(now)
    soon = due_before(now + timedelta(minutes=rules().breach_minutes))
    return {
        "unassigned": Q(assignee=None),
        "breaching": soon & ~late,
        "late": late,
        "waiting": Q(state=State.PENDING),
    }


def _open() -> QuerySet[Ticket]:
    return Ticket.objects.order_by().exclude(state=State.CLOSED)


def open_ones() -> QuerySet[Ticket]:
    """All that are not closed."""
    return _open()


def mine(user: Any) -> QuerySet[Ticket]:
    """What this person sees to."""
    return _open().filter(assignee=user)


def unassigned() -> QuerySet[Ticket]:
    return _open().filter(assignee=None)


def breaching() -> QuerySet[Ticket]:
    """What will be late soon."""
    return _open().filter(conditions(stamp())["breaching"])


def late() -> QuerySet[Ticket]:
    return _open().filter(due_before(stamp()))


def waiting() -> QuerySet[Ticket]:
    """What waits for the customer."""
    return _open().filter(state=State.PENDING)


def closed() -> QuerySet[Ticket]:
    return Ticket.objects.order_by().filter(state=State.CLOSED)


def every() -> QuerySet[Ticket]:
    return Ticket.objects.order_by()


def found_by(text: str, limit: int) -> set[int]:
    """The ticket of this number, and the newest of customers whose name begins so or whose code it is, and of
    addresses that begin so.
    """
    said = text.strip()
    theirs = Customer.objects.filter(Q(name_key__startswith=fold(said)) | Q(code=said.upper()))
    customers = list(theirs.order_by().values_list("pk", flat=True)[:limit])
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True)
    of_customers = newest.filter(customer__in=customers)[:limit] if customers else ()
    written = newest.filter(requester_email__startswith=said.lower())[:limit]
    return {*of_customers, *written, *_number(said)}


def _number(said: str) -> set[int]:
    """`12` and `#12` are ticket 12."""
    digits = said.removeprefix("#")
    return {int(digits)} if digits.isascii() and digits.isdigit() and len(digits) < 18 else set()
