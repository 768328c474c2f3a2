"""Jobs: what the house does by itself, at its time or when nudged. Apps register theirs from `wiring.py`.

A job works on rows that say what is owed, so it may be called twice, late, or be killed anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from herotill import audit
from herotill.celery import send
from herotill.errors import DomainError
from herotill.models import JobSetting
from herotill.registry import Registry
from herotill.timetable import calls, locks
from herotill.timetable.calls import count, note

__all__ = ["Job", "Nudge", "Queue", "ask", "carry_out", "count", "jobs", "note", "nudge"]


class Queue(StrEnum):
    """Work of one kind waits in one line, so that a slow network never holds up money."""

    MONEY = "money"
    NETWORK = "network"
    MESSAGES = "messages"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Job:
    """One thing done regularly. `task` gets the time and may return a sentence on what it did.

    `title` says it in words a person reads, `schedule` when (see `schedules`) unless a person sets another
    time. `permission` is asked, beside the right of the deed, of who pauses it, sets its time or has it
    carried out now; whoever holds house.see_jobs sees it. `alone` is for work that cannot be shared: then one
    worker at a time does it. A `fixed` one is neither paused nor done at another time. What shows `of_workers`
    that they work is asked of them, also where cron calls.
    """

    name: str
    title: str
    queue: Queue
    task: Callable[[datetime], str | None]
    schedule: str
    permission: str = ""
    order: int = 100
    alone: bool = False
    fixed: bool = False
    of_workers: bool = False


jobs: Registry[Job] = Registry("job")


AT_WORK = "At work already. It is done again after that."


def carry_out(name: str, *, now: datetime) -> str:
    """Do a job and record how it went. A paused one is left; trouble is recorded and raised.

    One that only one worker may do at a time is left to whoever is at it, who does it once more.
    """
    job = jobs[name]
    if JobSetting.objects.filter(name=name, paused=True).exists():
        return "Paused."
    with locks.hold() as hold:
        if job.alone and not _mine(hold, name):
            return AT_WORK
        with calls.kept(name, lock=hold.number, now=now) as diary, audit.acting(source=f"job: {name}"):
            diary.said = job.task(now) or ""
    if job.alone and calls.is_owed(name):
        nudge(name)
    return diary.said


def _mine(hold: locks.Hold, name: str) -> bool:
    """Whether we are alone at it. Who is at it looks, once done, whether the job is owed; so that is said first."""
    if hold.alone(name):
        return True
    calls.owe(name)
    return hold.alone(name)


def ask(*, name: str, actor: Any) -> None:
    """Have a job carried out as soon as a worker takes it; a second asking meanwhile is the same."""
    job = jobs[name]
    if JobSetting.objects.filter(name=name, paused=True).exists():
        raise DomainError(f"“{job.title}” is paused. Let it go on first.")
    calls.owe(name, actor=actor)
    nudge(name)


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
