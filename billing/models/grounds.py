"""Why a document that is no invoice was made, and what people did to drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import GeneratedField, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import Key

from .documents import Document


@audited()
class AdjustmentReason(models.Model):
    """What an adjustment may be made for. A change of price is none of them: that is a credit or debit note."""

    name = models.CharField(max_length=60)
    name_key = GeneratedField(
        expression=Key("name"),
        output_field=models.CharField(max_length=120, db_collation="C"),
        db_persist=True,
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new adjustments."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="adjustment_reason_name_once")]

    def __str__(self) -> str:
        return self.name


class Grounds(models.Model):
    """On what grounds an adjustment or a write-off stands. Locked with its document."""

    class Recovery(models.TextChoices):
        CEASED = "ceased", "Recovery ceased"
        HANDED_OVER = "handed_over", "Handed over"

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="grounds"
    )
    adjustment = models.ForeignKey(
        AdjustmentReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recovery = models.CharField(
        max_length=11, choices=Recovery.choices, blank=True, default="", db_default="", db_collation="C"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(adjustment__isnull=False) | Q(recovery__in=["ceased", "handed_over"]),
                name="grounds_say_something",
            )
        ]

    def __str__(self) -> str:
        return self.get_recovery_display() or str(self.adjustment)


class DraftChange(models.Model):
    """What a person did to a draft, in a sentence; kept also when the draft is gone, never changed."""

    document_id = models.BigIntegerField()
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=500)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["document_id", "id"], name="changes_of_draft")]

    def __str__(self) -> str:
        return self.what
