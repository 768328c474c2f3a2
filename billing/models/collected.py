"""Statements of debit-order results as they came, from a person's file or from the service."""

from django.db import models
from django.db.models.functions import Now

from .people import person


class ResultStatement(models.Model):
    """A statement of results, kept encrypted as it came. What its rows mean for us are CollectionResults.

    `day` is the day that the service was asked about; a `whole` one will not grow any more.
    """

    class Source(models.TextChoices):
        FILE = "file", "File"
        SERVICE = "service", "Service"

    class State(models.TextChoices):
        WAITING = "waiting", "Being booked"
        BOOKED = "booked", "Booked"
        REFUSED = "refused", "Not taken in"

    channel = models.CharField(max_length=20, db_collation="C")
    source = models.CharField(max_length=7, choices=Source.choices)
    state = models.CharField(
        max_length=7, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    day = models.DateField(null=True)
    whole = models.BooleanField(default=True, db_default=True)
    first = models.DateField("first day", null=True)
    last = models.DateField("last day", null=True)
    rows = models.PositiveIntegerField(default=0, db_default=0)
    known = models.PositiveIntegerField("known before", default=0, db_default=0)
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="")
    run = models.ForeignKey("house.Run", on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = person("given by")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["channel", "-day"], name="result_statements_by_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stuck(self) -> bool:
        """Whether nothing books it any more by itself."""
        return self.state == self.State.REFUSED or (
            self.state == self.State.WAITING and not (self.run and self.run.is_open)
        )
