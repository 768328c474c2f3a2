"""How a story of a job is told: what is owed to it, where its worker is killed, what is there at the end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

from django.utils import timezone

from herotill.clock import local_day
from herotill.models import JobCall

# The first statement that writes, beside those of the call's own diary.
WRITES = r'^\s*(INSERT|UPDATE|DELETE|MERGE|WITH)\b(?!.*"house_job)'
DIARY = '"house_jobcall"'  # for a job that asks the database nothing: its call is written, its work is not

NOWHERE = "(?!)"  # it is held by other means


@dataclass
class World:
    """Where stories happen: a moment, a folder, and what stands in for others, by name, with its settings."""

    folder: Path
    open: ExitStack
    now: datetime = field(default_factory=timezone.now)
    there: SimpleNamespace = field(default_factory=SimpleNamespace)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True, slots=True)
class Story:
    """`owe` writes what is to be done; `seen` is `done` afterwards, and was not before.

    The worker is killed when it has carried out the first statement that matches `at` (`before`: when it is
    about to). `comes` is what is to be done and would be done by another job if it came sooner; `passes` what
    would follow with time, such as the end of a lease.
    """

    owe: Callable[[World], object]
    seen: Callable[[World], object]
    done: object
    at: str = WRITES
    before: bool = False
    comes: Callable[[World], object] = lambda world: None
    passes: Callable[[World], object] = lambda world: None


def nothing(world: World) -> None:
    """For a job that looks at what is there, whatever it is."""


def heard(queue: str) -> Story:
    """The job that only shows that somebody works on a queue."""
    name = f"pulse-{queue}"
    done = JobCall.objects.filter(name=name, state="done")
    return Story(nothing, lambda world: done.count(), 1, at=DIARY)
