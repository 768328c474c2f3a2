from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import GeneratedField, Q, QuerySet
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import Fold

from .runs import Run


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )


def _run() -> models.ForeignKey:
    return models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)


def _at_work(run: Run | None) -> bool:
    return run is not None and run.is_open


class Import(models.Model):
    """A file on its way in: what it is, how it is read, how far it is, what came of it.

    `mapping` gives field names by heading; `digest` tells what the dry run showed, so that nothing else is
    applied; `made` holds what was created beside the records themselves, by kind of thing.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        MAPPED = "mapped", "Mapped"
        DRY = "dry", "Dry run done"
        APPLYING = "applying", "Being imported"
        APPLIED = "applied", "Imported"
        ROLLING_BACK = "rolling_back", "Being rolled back"
        ROLLED_BACK = "rolled_back", "Rolled back"
        FAILED = "failed", "Cannot be read"

    kind = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="In octets.")
    headings = ArrayField(models.TextField())
    mapping = models.JSONField(default=dict)
    day = models.DateField(null=True, help_text="The day of which what is imported speaks, where it matters.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    totals = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", db_default="")
    made = models.JSONField(default=dict)
    error = models.TextField(default="", db_default="")
    dry_run = _run()
    run = _run()
    back_run = _run()
    created_by = _person()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    applied_by = _person()
    applied_at = models.DateTimeField(null=True, editable=False)
    rolled_back_by = _person()
    rolled_back_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "uploaded",
                        "mapped",
                        "dry",
                        "applying",
                        "applied",
                        "rolling_back",
                        "rolled_back",
                        "failed",
                    ]
                ),
                name="import_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "rolling_back", "rolled_back"])
                | Q(applied_at__isnull=False),
                name="import_applied_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="import_by_kind"),
            models.Index(fields=["sha256"], name="import_by_content"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def standing(self) -> Import.State:
        """Its state, or the one before, where the run that was at it has ended without success."""
        state = Import.State(self.state)
        if state == Import.State.APPLYING and not _at_work(self.run):
            return Import.State.DRY if self.digest else Import.State.MAPPED
        if state == Import.State.ROLLING_BACK and not _at_work(self.back_run):
            return Import.State.APPLIED
        return state

    @classmethod
    def at_work(cls) -> QuerySet[Import]:
        """Those that are being written, or taken back, just now: what they write nobody else sees yet."""
        writing = Q(state=cls.State.APPLYING, run__state__in=Run.OPEN)
        return cls.objects.filter(writing | Q(state=cls.State.ROLLING_BACK, back_run__state__in=Run.OPEN))

    @property
    def current_run(self) -> Run | None:
        """The run that is at it now, or was last."""
        runs = [run for run in (self.dry_run, self.run, self.back_run) if run]
        return max(runs, key=lambda run: run.pk, default=None)


class ImportRow(models.Model):
    """A record of the file, and what is done with it, or was.

    `values` stand under the report's columns of the kind. `before` and `after` are what a change replaced
    and what by; `way_back` says what a roll-back did.
    """

    class Outcome(models.TextChoices):
        CREATE = "create", "Create"
        UPDATE = "update", "Update"
        REFUSE = "refuse", "Refuse"
        SKIP = "skip", "Skip"

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices, db_collation="C")
    reason = models.CharField(max_length=40, db_collation="C")
    code = models.CharField(max_length=60, db_collation="C")
    warnings = ArrayField(models.TextField())
    values = ArrayField(models.TextField())
    cells = ArrayField(models.TextField())
    object_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    way_back = models.TextField(default="", db_default="")

    class Meta:
        default_permissions = ()
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="import_line_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["create", "update", "refuse", "skip"]),
                name="import_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["of", "outcome", "line"], name="import_rows_by_outcome"),
            models.Index(
                fields=["of", "object_id", "-line"],
                name="import_rows_written",
                condition=Q(object_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome}"


@audited(words=("name",), permission="house.see_audit", noun="Import mapping")
class ImportPreset(models.Model):
    """A mapping that somebody saved under a name, for everybody who imports the same kind."""

    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    name_key = GeneratedField(
        expression=Fold("name"),
        output_field=models.CharField(max_length=60, db_collation="C"),
        db_persist=True,
    )
    mapping = models.JSONField()
    owner = _person()

    class Meta:
        default_permissions = ()
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name_key"], name="import_preset_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="import_preset_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
