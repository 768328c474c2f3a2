"""How many jobs are in which state."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count

from workflow.models import JobCard

KEY, SECONDS = "count:job-cards", 60
OPEN = (JobCard.State.NEW, JobCard.State.SCHEDULED, JobCard.State.STARTED, JobCard.State.FAILED)


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state that somebody has to look after, and how many jobs are in it."""

    state: str
    label: str
    count: int


def _count() -> dict[str, int]:
    found = JobCard.objects.order_by().filter(state__in=OPEN, booked_again=None)
    return {str(state): number for state, number in found.values_list("state").annotate(Count("pk"))}


def counted() -> dict[str, int]:
    """Jobs by state, those that somebody has to look after, as of the last minute."""
    found: dict[str, int] = cache.get_or_set(KEY, _count, SECONDS) or {}
    return found


def by_state() -> list[StateCount]:
    counts = counted()
    return [StateCount(state.value, state.label, counts.get(state.value, 0)) for state in OPEN]


def to_do() -> int:
    """Jobs to schedule or to book again."""
    counts = counted()
    return counts.get("new", 0) + counts.get("failed", 0)
