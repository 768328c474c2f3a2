from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited


class JobState(models.Model):
    """How a registered job went when it was last carried out."""

    name = models.CharField(max_length=60, primary_key=True)
    known_since = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False, db_default=False)
    failures = models.PositiveIntegerField(default=0, db_default=0, help_text="In a row, up to now.")
    said = models.CharField(max_length=500, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_jobs", "Can see the timetable"),
            ("pause_jobs", "Can pause jobs of the timetable"),
            ("change_timetable", "Can change when jobs are carried out"),
            ("run_jobs", "Can have jobs carried out at once"),
        ]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",), exclude=("set_at", "set_by"))
class JobSetting(models.Model):
    """What a person set for a registered job: another time, in words, or a pause. Nothing else can be set."""

    name = models.CharField("job", max_length=60, unique=True)
    schedule = models.CharField(
        "time", max_length=60, default="", db_default="", help_text="In words; the job's own where empty."
    )
    paused = models.BooleanField(default=False, db_default=False)
    set_at = models.DateTimeField(help_text="From when on its times count.")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "job of the timetable"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class JobCall(models.Model):
    """One call of a job: who asked, when it began and ended, what it did.

    Whoever carries it out holds the advisory lock `lock` as long as it lives; a call that runs without its
    lock being held is of a worker that is gone. All calls of before that wait for a worker are one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "At work"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        LOST = "lost", "Worker lost"

    name = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    nudged_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lock = models.IntegerField(null=True)
    worker = models.CharField(max_length=120, default="", db_default="", help_text="Machine and process.")
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Workers lost before, in a row."
    )
    said = models.CharField(max_length=500, default="", db_default="")
    counts = models.JSONField(default=dict)
    log = models.JSONField(default=list)
    error = models.TextField(default="", db_default="", help_text="Where in the program; no values.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", started_at=None, finished_at=None)
                | Q(state="running", started_at__isnull=False, lock__isnull=False, finished_at=None)
                | Q(
                    state__in=["done", "failed", "lost"], started_at__isnull=False, finished_at__isnull=False
                ),
                name="job_call_state_says_when",
            ),
            models.UniqueConstraint(fields=["name"], condition=Q(state="waiting"), name="job_waits_once"),
        ]
        indexes = [
            models.Index(fields=["name", "-id"], name="job_calls_by_name"),
            models.Index(
                fields=["state"], name="job_calls_unfinished", condition=Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"
