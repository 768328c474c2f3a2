"""How many tickets wait where, for the navigation: counted now and then, for everybody at once."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count

from helpdesk.models import Ticket
from helpdesk.selectors import queues
from herotill.clock import stamp
from herotill.users.models import User

KEY, SECONDS = "count:tickets", 60
MINE, DEPARTMENT = "mine-", "department-"


def _count() -> dict[str, int]:
    now = stamp()
    open_ones = Ticket.objects.order_by().exclude(state=Ticket.State.CLOSED)
    wanted = {queue: Count("pk", filter=where) for queue, where in queues.conditions(now).items()}
    found: dict[str, int] = open_ones.aggregate(open=Count("pk"), **wanted)
    theirs = open_ones.filter(assignee__isnull=False).values_list("assignee")
    found |= {f"{MINE}{user}": number for user, number in theirs.annotate(Count("pk"))}
    where = open_ones.values_list("department").annotate(Count("pk"))
    return found | {f"{DEPARTMENT}{department}": number for department, number in where}


def counts() -> dict[str, int]:
    """How many tickets each queue has, as of the last minute or the last deed."""
    found: dict[str, int] = cache.get_or_set(KEY, _count, SECONDS) or {}
    return found


def count(queue: str) -> int:
    return counts().get(queue, 0)


def mine(user: User) -> int:
    """How many tickets that are not closed are with this person."""
    return count(f"{MINE}{user.pk}")


def of_department(pk: int) -> int:
    """How many tickets that are not closed are with this department."""
    return count(f"{DEPARTMENT}{pk}")


def changed() -> None:
    """Have the figures counted anew, once the running transaction has committed."""
    transaction.on_commit(lambda: cache.delete(KEY))
