from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from herotill.audit import audited


@audited(words=("template",))
class Wording(models.Model):
    """A version of a template's text, as somebody edited it. The newest that counts is the one in use.

    `reset` ones go back to the text the template came with; their own is empty. One that prints bank
    details waits until a second person has approved it.
    """

    class State(models.TextChoices):
        COUNTS = "counts", "In use or was"
        WAITS = "waits", "Waits for a second person"
        DROPPED = "dropped", "Not approved"

    template = models.CharField(max_length=60, db_collation="C")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=300, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    reset = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        max_length=7, choices=State.choices, default=State.COUNTS, db_default=State.COUNTS
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view", "change")
        permissions = [("approve_wording", "Can approve templates that print bank details")]
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="wording_number_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="waits"), name="one_wording_waits"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["counts", "waits", "dropped"]), name="wording_state_known"
            ),
            models.CheckConstraint(
                condition=Q(reset=True, text="", subject="") | Q(reset=False) & ~Q(text=""),
                name="wording_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
