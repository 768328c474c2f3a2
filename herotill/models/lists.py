from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import GeneratedField, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import Fold


@audited(words=("name",), permission="house.see_audit", noun="Saved view")
class SavedView(models.Model):
    """A list as somebody set it up and gave a name: filters, search and order as an address, and columns.

    A shared one is there for everybody who may see the list; only its owner changes it.
    """

    list_name = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    name_key = GeneratedField(
        expression=Fold("name"),
        output_field=models.CharField(max_length=60, db_collation="C"),
        db_persist=True,
    )
    query = models.TextField(blank=True, default="", db_default="")
    columns = models.JSONField(default=list)
    shared = models.BooleanField("for everybody", default=False, db_default=False)

    class Meta:
        default_permissions = ()
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list_name", "owner", "name_key"], name="one_view_a_person_and_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
        ]
        indexes = [models.Index(fields=["list_name"], name="views_for_everybody", condition=Q(shared=True))]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """Somebody took rows out of a list as a file: who, which list, filtered how, how many. Never edited.

    A large one is written by a run into `file`, which is kept for a few days. What programs read of a list
    through the API in a day is one of these, whose rows grow meanwhile.
    """

    list_name = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    query = models.TextField(blank=True, default="", db_default="", help_text="Filters, search and order.")
    chosen = models.JSONField(null=True, help_text="The rows' ids, where they were chosen one by one.")
    columns = models.JSONField(default=list)
    file_format = models.CharField(
        max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF"), ("api", "API")]
    )
    rows = models.PositiveIntegerField()
    file = models.FileField(upload_to="exports/%Y/%m", max_length=200, blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file_format__in=["csv", "xlsx", "pdf", "api"]), name="export_format_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_name}: {self.rows}"


class BulkChange(models.Model):
    """A deed on many rows of a list, with what they were before, so that it can be undone for a while."""

    list_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    query = models.TextField(blank=True, default="", db_default="")
    rows = models.PositiveIntegerField()
    before = models.JSONField()
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.list_name} {self.action}: {self.rows}"
