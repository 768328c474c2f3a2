"""What a person sets for a registered job: its time, or a pause. Nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from herotill import schedules
from herotill.errors import DomainError
from herotill.jobs import Job, jobs
from herotill.models import JobSetting
from herotill.timetable import beat


def pause(*, name: str, paused: bool, now: datetime, actor: Any) -> None:
    """Stop a job from being carried out, or let it go on; what is owed waits meanwhile.

    Raises DomainError for a fixed one: those take up and tell of what else would stop quietly.
    """
    if paused and jobs[name].fixed:
        raise DomainError("This one cannot be paused: it tells when others stop.")
    _set(jobs[name], now, actor, paused=paused)


def retime(*, name: str, schedule: str, now: datetime, actor: Any) -> None:
    """Have a job done at another time, in words; at its own again where they are empty.

    Raises DomainError for words that are no time, and for a job whose time is fixed.
    """
    job, words = jobs[name], " ".join(schedule.lower().split())
    if job.fixed:
        raise DomainError("The time of this one is fixed: the screens rely on it.", field="schedule")
    if words:
        _must_be_a_time(words)
    _set(job, now, actor, schedule="" if words == job.schedule else words)


def _must_be_a_time(words: str) -> None:
    try:
        when = schedules.parse(words)
    except ValueError as no:
        raise DomainError(str(no), field="schedule") from no
    if not when:
        raise DomainError("To have it left undone, pause it.", field="schedule")


@transaction.atomic
def _set(job: Job, now: datetime, actor: Any, **values: Any) -> None:
    JobSetting.objects.update_or_create(name=job.name, defaults={**values, "set_at": now, "set_by": actor})
    beat.write(now=now, names=[job.name])


def words_of(job: Job, setting: JobSetting | None) -> str:
    """When a job is carried out."""
    return (setting.schedule if setting else "") or job.schedule
