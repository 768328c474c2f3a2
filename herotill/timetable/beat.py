"""Beat's rows: one for each registered job, made from the job and from what a person set."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django_celery_beat.models import CrontabSchedule, PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from herotill import schedules
from herotill.clock import stamp
from herotill.jobs import Job, jobs
from herotill.models import JobSetting, JobState
from herotill.timetable import locks

TASK = "house.job"
WAITS = 5.0  # seconds
EXPIRES = 300  # seconds after which a call that comes again soon is dropped where nobody took it


@transaction.atomic
def write(*, now: datetime, names: Collection[str] = ()) -> None:
    """Make the rows say what is registered and set; of these jobs, or of all.

    A job that is new, or whose time is another, is next due at its time after `now`: what its new time would
    have been before does not count. A pause is no time that was missed.
    """
    wanted = [job for job in jobs if not names or job.name in names]
    settings_of = {one.name: one for one in JobSetting.objects.all()}
    JobState.objects.bulk_create([JobState(name=job.name) for job in wanted], ignore_conflicts=True)
    held = {row.name: row for row in PeriodicTask.objects.select_for_update().order_by("name")}
    fresh = [_row(job, settings_of.get(job.name), held.get(job.name), now) for job in wanted]
    _save(row for row in fresh if row)
    if not names:
        PeriodicTask.objects.exclude(name__in=[row.name for row in fresh if row]).delete()
    PeriodicTasks.update_changed()


def _row(
    job: Job, setting: JobSetting | None, row: PeriodicTask | None, now: datetime
) -> PeriodicTask | None:
    words = (setting.schedule if setting else "") or job.schedule
    schedule = schedules.parse(words)
    if not schedule:
        return None
    row = row or PeriodicTask(name=job.name, task=TASK, args=f'["{job.name}"]', last_run_at=now)
    enabled, crontab = not (setting and setting.paused), _crontab(schedules.fields(schedule))
    if row.crontab_id != crontab.pk or (enabled and not row.enabled):
        row.last_run_at = now
    row.crontab, row.enabled, row.queue = crontab, enabled, str(job.queue)
    row.expire_seconds = EXPIRES if schedules.is_often(words) else None
    return row


def _crontab(fields: dict[str, str]) -> CrontabSchedule:
    found = CrontabSchedule.objects.filter(**fields, timezone=settings.TIME_ZONE).first()
    return found or CrontabSchedule.objects.create(**fields, timezone=settings.TIME_ZONE)


def _save(rows: Iterable[PeriodicTask]) -> None:
    """At once, past the model's own save, which forgets when a paused one was last called."""
    changed = ["crontab", "enabled", "queue", "expire_seconds", "last_run_at"]
    PeriodicTask.objects.bulk_create(
        list(rows), update_conflicts=True, unique_fields=["name"], update_fields=changed
    )


class Entry(ModelEntry):
    """A row that remembers its latest call, whatever was set meanwhile."""

    def save(self) -> None:
        """Write when it was called; a later time, which a change of its schedule set, stands."""
        values: dict[str, Any] = {
            "last_run_at": Greatest(F("last_run_at"), self.model.last_run_at),
            "total_run_count": self.model.total_run_count,
        }
        PeriodicTask.objects.filter(pk=self.model.pk).update(**values)


class Timetable(DatabaseScheduler):
    """Beat's scheduler. Its rows are ours alone, and what was missed while it was away is called once.

    Of several beats one calls, and the others wait for its end. A file, where one is named, is touched with
    each beat, for whoever watches it.
    """

    Entry = Entry

    def __init__(self, *args: Any, schedule_filename: str = "", **kwargs: Any) -> None:
        self.sign = Path(schedule_filename) if schedule_filename else None
        self.only = locks.OnlyOne()
        super().__init__(*args, **kwargs)
        self.sync_every_tasks = 1  # a beat that is killed knows afterwards what it called

    def setup_schedule(self) -> None:
        write(now=stamp())
        self._last_timestamp = PeriodicTasks.last_change()  # what is set from now on is a change

    def enabled_models_qs(self) -> Any:
        """All of them: what was due hours ago would otherwise be left out until its hour comes again."""
        return PeriodicTask.objects.filter(enabled=True, task=TASK).select_related("crontab")

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Call what is due; seconds until the next look."""
        if self.sign:
            self.sign.parent.mkdir(parents=True, exist_ok=True)
            self.sign.touch()
        is_us, is_new = self.only.is_us()
        if not is_us:
            return WAITS
        if is_new:
            self._initial_read, self._heap = True, None  # another may have called meanwhile
        return super().tick(*args, **kwargs)

    def close(self) -> None:
        super().close()
        self.only.end()
