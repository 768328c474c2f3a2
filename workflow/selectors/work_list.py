"""How much of the workflow waits for one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, DurationField, F, Func, Q, Value

from workflow.models import Lead
from workflow.policies import way


class Mine(NamedTuple):
    """How many leads wait for somebody here, how many are this person's, how many wait too long."""

    waiting: int
    own: int
    overdue: int


def of(*, user: Any, now: datetime) -> Mine:
    """Of the lists in which somebody here has something to do."""
    days = (Value(0), Value(0), Value(0), F("step__overdue_after"))
    long = Func(*days, function="make_interval", output_field=DurationField())
    found = Lead.objects.filter(step__in=way.TO_DO).aggregate(
        waiting=Count("pk"),
        own=Count("pk", filter=Q(owner=user)),
        overdue=Count("pk", filter=Q(step_since__lte=now - long)),
    )
    return Mine(**found)
