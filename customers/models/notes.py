from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited

from .customers import Customer


@audited(customer="customer", exclude=("created_at",), words=("text",), noun="note")
class CustomerNote(models.Model):
    """What staff should know. Never shown to the customer; author and time stamp themselves."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    pops_up = models.BooleanField(
        "pop up when the profile opens",
        default=False,
        db_default=False,
        help_text="In red, top right, for everybody.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]
        indexes = [
            models.Index(fields=["customer", "-created_at", "-id"], name="notes_newest_first"),
            models.Index(fields=["customer"], name="notes_that_pop_up", condition=Q(pops_up=True)),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class NoteDismissal(models.Model):
    """One person has put a pop-up note away for themselves; the note stays for everybody else."""

    note = models.ForeignKey(CustomerNote, on_delete=models.CASCADE, related_name="dismissals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="a_note_is_dismissed_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} by {self.user_id}"
