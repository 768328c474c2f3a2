"""When tickets have to be answered and solved, kept on their rows.

Reckoned anew whenever a ticket is opened, moved, given another customer, answered, said something on, closed or
reopened, and by a job for what changed elsewhere: who is a VIP, what a priority promises, when a department works.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from helpdesk.models import Ticket
from helpdesk.policies import service_levels as policy
from helpdesk.policies.service_levels import Times
from helpdesk.selectors import service_levels as reading
from helpdesk.services.writing import write

State = Ticket.State
AT_ONCE = 1000
KEPT = ("counts_from", "waits_since", "waited", "answer_due_at", "solve_due_at")


def set_due(*, tickets: Collection[int], now: datetime) -> int:
    """Reckon the due times of these tickets as they are now; how many changed."""
    return _reckon(tickets, now, lambda times: times)


def begin_again(*, tickets: Collection[int], now: datetime) -> int:
    """The same for tickets that were reopened just now: their time to solve begins again."""
    return _reckon(tickets, now, lambda times: policy.anew(times, now))


def set_due_of_open(*, now: datetime) -> int:
    """Reckon those of all open tickets, some at once; how many changed."""
    last = changed = 0
    open_ones = Ticket.objects.exclude(state=State.CLOSED).order_by("pk").values_list("pk", flat=True)
    while some := list(open_ones.filter(pk__gt=last)[:AT_ONCE]):
        changed += set_due(tickets=some, now=now)
        last = some[-1]
    return changed


@transaction.atomic
def _reckon(tickets: Collection[int], now: datetime, begin: Callable[[Times], Times]) -> int:
    held = list(
        Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=tickets).order_by("pk")
    )
    hours = reading.hours_of({one.department_id for one in held})
    levels, vips = reading.levels(), reading.vips({one.customer_id for one in held})
    changed = []
    for ticket in held:
        times = policy.reckon(
            begin(_times(ticket)),
            levels[ticket.priority_id, ticket.customer_id in vips],
            hours[ticket.department_id],
            waits=ticket.state == State.PENDING,
            now=now,
        )
        if times != _times(ticket):
            _set(ticket, times)
            changed.append(ticket)
    write(changed, KEPT)
    return len(changed)


def _times(ticket: Ticket) -> Times:
    return Times(ticket.opened_at, *(getattr(ticket, name) for name in KEPT))


def _set(ticket: Ticket, times: Times) -> None:
    ticket.counts_from, ticket.waits_since, ticket.waited = times.counts_from, times.waits_since, times.waited
    ticket.answer_due_at, ticket.solve_due_at = times.answer_due, times.solve_due
