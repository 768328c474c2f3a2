"""What screens and commands show of the timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django_celery_beat.models import PeriodicTask

from herotill import health, schedules
from herotill.access import may
from herotill.clock import in_words
from herotill.health import Finding
from herotill.jobs import Job, Queue, jobs
from herotill.models import JobCall, JobSetting, JobState
from herotill.timetable import watching
from herotill.timetable.setting import words_of

State = JobCall.State
TONES = {"Done": "ok", "At work": "accent", "Paused": "warn", "Failed": "bad", "Late": "bad", "Waiting": ""}
TROUBLE = "To be looked at"


@dataclass(frozen=True, slots=True)
class Line:
    """A job with all that is known of it. `due` is when it should have begun, where it is late."""

    job: Job
    state: JobState | None
    setting: JobSetting | None
    unfinished: str
    due: datetime | None
    next: datetime | None

    @property
    def words(self) -> str:
        return words_of(self.job, self.setting)

    @property
    def is_paused(self) -> bool:
        return bool(self.setting and self.setting.paused)

    @property
    def is_retimed(self) -> bool:
        return bool(self.setting and self.setting.schedule)

    @property
    def standing(self) -> str:
        """How it is, in a word; empty where it was never carried out."""
        if self.is_paused:
            return "Paused"
        if self.due:
            return "Late"
        if self.unfinished:
            return State(self.unfinished).label
        if self.state and self.state.finished_at:
            return "Failed" if self.state.failed else "Done"
        return ""

    @property
    def tone(self) -> str:
        return TONES.get(self.standing, "")

    @property
    def took(self) -> str:
        """How long it took when it was last carried out, in words."""
        state = self.state
        if not state or not state.started_at or not state.finished_at or state.finished_at < state.started_at:
            return ""
        length = state.finished_at - state.started_at
        return in_words(length) if length.total_seconds() >= 1 else "under a second"


def lines(now: datetime) -> list[Line]:
    """All jobs of the timetable."""
    states = JobState.objects.in_bulk()
    settings = {one.name: one for one in JobSetting.objects.select_related("set_by")}
    unfinished, late = _unfinished(), dict(_late(now))
    return [_line(job, states, settings, unfinished, late, now) for job in jobs]


def grouped(some: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Lines under headings: those in trouble, then by queue."""
    found: dict[str, list[Line]] = {TROUBLE: [], **{queue.title(): [] for queue in Queue}}
    for one in some:
        found[TROUBLE if one.tone == "bad" else one.job.queue.title()].append(one)
    return [(title, lines) for title, lines in found.items() if lines]


def line(job: Job, now: datetime) -> Line:
    """One job of it."""
    return next(one for one in lines(now) if one.job.name == job.name)


def _late(now: datetime) -> list[tuple[str, datetime]]:
    return [(job.name, due) for job, due in watching.late_jobs(now)]


def _unfinished() -> dict[str, str]:
    """What waits or is at work; work counts more."""
    found = JobCall.objects.filter(state__in=(State.WAITING, State.RUNNING)).order_by("-state")
    return dict(found.values_list("name", "state"))


def _line(
    job: Job,
    states: Mapping[str, JobState],
    settings: Mapping[str, JobSetting],
    unfinished: Mapping[str, str],
    late: Mapping[str, datetime],
    now: datetime,
) -> Line:
    setting = settings.get(job.name)
    ahead = None if setting and setting.paused else schedules.next_after(words_of(job, setting), now)
    return Line(job, states.get(job.name), setting, unfinished.get(job.name, ""), late.get(job.name), ahead)


def in_trouble(now: datetime) -> int:
    """How many jobs failed when they were last carried out, or are late."""
    paused = JobSetting.objects.filter(paused=True).values("name")
    failed = JobState.objects.filter(failed=True).exclude(name__in=paused).values_list("name", flat=True)
    return len({*failed, *(name for name, _ in _late(now))})


def helpers(now: datetime) -> Sequence[tuple[str, Finding]]:
    """Beat and the workers of each queue: whether they were heard."""
    try:
        found = health.workers(now)
    except Exception as trouble:
        found = {"workers": Finding(False, f"Redis does not answer ({type(trouble).__name__}).", vital=False)}
    return [("Beat", _beat(now)), *((f"Workers: {name}", one) for name, one in found.items())]


def _beat(now: datetime) -> Finding:
    called = PeriodicTask.objects.aggregate(last=Max("last_run_at"))["last"]
    if not called:
        return Finding(False, "Has not called anything yet.", vital=False)
    ago = now - called
    return Finding(ago <= health.SILENT, f"Called a job {in_words(ago)} ago.", vital=False)


def allowed(user: Any, job: Job) -> dict[str, bool]:
    """What this person may do with a job."""
    return {
        "may_pause": may(user, "house.pause_jobs") and may_touch(user, job) and not job.fixed,
        "may_run": may(user, "house.run_jobs") and may_touch(user, job),
        "may_retime": may(user, "house.change_timetable") and may_touch(user, job) and not job.fixed,
    }


def may_touch(user: Any, job: Job) -> bool:
    """Whether this person holds the right of the job itself, where it has one."""
    return not job.permission or may(user, job.permission)
