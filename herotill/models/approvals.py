from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import F, GeneratedField, Q
from django.db.models.functions import Now


class ApprovalRequest(models.Model):
    """Something that waits for a second person. Its history is the row itself: only its answer is written later.

    `shown` is what whoever decides sees: label, old and new. `basis` is a digest of what `subject_id` was
    when it was asked. `payload` is what carrying it out needs; the kind's secrets in it are encrypted.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LAPSED = "lapsed", "Lapsed"

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    shown = models.JSONField(default=list)
    basis = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN, db_default=State.OPEN)
    is_closed = GeneratedField(
        expression=cast(Any, ~Q(state="open")), output_field=models.BooleanField(), db_persist=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = [("view_approval", "Can see what waits for a second person")]
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "approved", "refused", "withdrawn", "lapsed"]),
                name="approval_state_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="approval_is_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["withdrawn", "lapsed"], decided_by=None, decided_at__isnull=False),
                name="approval_says_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(state="open"), name="one_approval_waits"
            ),
        ]
        indexes = [models.Index(fields=["is_closed", "id"], name="approvals_open_first")]

    def __str__(self) -> str:
        return self.about

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
