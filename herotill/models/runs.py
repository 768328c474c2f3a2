from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Run(models.Model):
    """A long job's diary row: what was asked, how far it is, how it ended.

    Whoever works on it holds a lease, and `token` counts the claims: what an earlier claimant still wants
    to write is refused. All times of the lease are the database's.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        CANCELLING = "cancelling", "Being cancelled"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        ROLLED_BACK = "rolled_back", "Rolled back"

    OPEN = (State.QUEUED, State.RUNNING, State.CANCELLING)
    HELD = (State.RUNNING, State.CANCELLING)

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    once = models.CharField(
        max_length=100, default="", db_default="", help_text="Two unfinished runs of a kind never share it."
    )
    state = models.CharField(
        max_length=11, choices=State.choices, default=State.QUEUED, db_default=State.QUEUED
    )
    done = models.PositiveBigIntegerField(default=0, db_default=0)
    total = models.PositiveBigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    log = models.JSONField(default=list)
    error = models.TextField(default="", db_default="")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    nudged_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    token = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued",
                        "running",
                        "cancelling",
                        "done",
                        "failed",
                        "cancelled",
                        "rolled_back",
                    ]
                ),
                name="run_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "cancelling"], finished_at=None)
                | Q(state__in=["done", "failed", "cancelled", "rolled_back"], finished_at__isnull=False),
                name="run_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "cancelling"], lease_until__isnull=False)
                | (~Q(state__in=["running", "cancelling"]) & Q(lease_until=None)),
                name="run_at_work_is_held",
            ),
            models.UniqueConstraint(
                fields=["kind", "once"],
                condition=~Q(once="") & Q(state__in=["queued", "running", "cancelling"]),
                name="run_unfinished_once",
            ),
        ]
        indexes = [
            models.Index(
                F("nudged_at"),
                name="run_unfinished",
                condition=Q(state__in=["queued", "running", "cancelling"]),
            ),
            models.Index(fields=["kind", "-id"], name="run_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class RunCheckpoint(models.Model):
    """How far the work of a run has been committed; written in the work's own transaction.

    A row beside the run's, so that progress can be shown while the work's transaction is open.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="checkpoint")
    token = models.PositiveIntegerField(default=0, db_default=0)
    cursor = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0, db_default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id}: {self.cursor}"
