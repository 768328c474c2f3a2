"""Jobs: what the house does by itself, at its time or when nudged. Apps register theirs from `wiring.py`.

A job works on rows that say what is owed, so it may be called twice, late, or be killed anywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from herotill import audit, schedules
from herotill.celery import send
from herotill.errors import DomainError, IntegrationError
from herotill.models import JobState
from herotill.registry import Registry

log = logging.getLogger(__name__)


class Queue(StrEnum):
    """Work of one kind waits in one line, so that a slow network never holds up money."""

    MONEY = "money"
    NETWORK = "network"
    MESSAGES = "messages"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Job:
    """One thing done regularly. `task` gets the time and may return a sentence on what it did.

    `title` says it in words a person reads, `schedule` when (see `schedules`), `permission` who may pause
    it; whoever holds house.see_jobs sees it.
    """

    name: str
    title: str
    queue: Queue
    task: Callable[[datetime], str | None]
    schedule: str
    permission: str = "house.pause_jobs"
    order: int = 100


jobs: Registry[Job] = Registry("job")


def timetable() -> dict[str, dict[str, Any]]:
    """What beat calls and when. A call that nobody took before the next is due is dropped."""
    entries = {}
    for job in jobs:
        if when := schedules.parse(job.schedule):
            often = job.schedule.startswith("every") and "minute" in job.schedule
            options: dict[str, Any] = {"queue": str(job.queue), "shadow": job.name}
            entries[job.name] = {
                "task": "house.job",
                "args": [job.name],
                "schedule": when,
                "options": options | ({"expires": 300} if often else {}),
            }
    return entries


def carry_out(name: str, *, now: datetime) -> str:
    """Do a job and record how it went. A paused one is left; trouble is recorded and raised."""
    job = jobs[name]
    if JobState.objects.filter(name=name, paused=True).exists():
        return "Paused."
    _note(name, started_at=now)
    try:
        with audit.acting(source=f"job: {name}"):
            said = job.task(now) or ""
    except Exception as trouble:
        _note(name, finished_at=Now(), failed=True, said=_told(trouble))
        raise
    _note(name, finished_at=Now(), failed=False, said=said[:500])
    return said


def _told(trouble: Exception) -> str:
    """Only what was written for people: the text of any other exception may hold anything."""
    if isinstance(trouble, DomainError | IntegrationError):
        return str(trouble)[:500]
    return f"The program met an error ({type(trouble).__name__}). The log tells more."


def _note(name: str, **values: Any) -> None:
    JobState.objects.update_or_create(name=name, defaults=values)


def pause(*, name: str, actor: Any, paused: bool) -> None:
    """Stop a job from being carried out, or let it go on; what is owed waits meanwhile."""
    _note(jobs[name].name, paused=paused, paused_by=actor if paused else None)


@dataclass(frozen=True, slots=True)
class Nudge:
    """Asks the workers for a job now. Equal ones in one transaction are one."""

    name: str

    def __call__(self) -> None:
        send("job", self.name, queue=str(jobs[self.name].queue), shadow=self.name)


def nudge(name: str) -> None:
    """Have a job carried out as soon as this transaction has committed, instead of at its time."""
    wanted = Nudge(name)
    if not any(waiting[1] == wanted for waiting in connection.run_on_commit):
        transaction.on_commit(wanted)
