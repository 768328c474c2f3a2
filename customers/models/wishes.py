"""What customers are asked for and ask for in the portal: a look at their details, their data, to be forgotten."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .customers import Customer


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )


class DetailsCheck(models.Model):
    """Staff asked a customer to look through their details; the customer says in the portal how they are.

    One waits at a time: asking anew replaces the earlier one. It is its own history.
    """

    class What(models.TextChoices):
        DETAILS = "details", "Name, contact and addresses"
        CONTACTS = "contacts", "Who else gets messages"
        PAYMENT = "payment", "Payment method"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for the customer"
        CONFIRMED = "confirmed", "All is right"
        CHANGED = "changed", "Something was changed"
        REPLACED = "replaced", "Asked anew"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="details_checks")
    what = ArrayField(models.CharField(max_length=10, choices=What.choices))
    words = models.CharField("what else to say", max_length=500, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = _person()
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = _person()

    class Meta:
        default_permissions = ()
        permissions = [("ask_details_check", "Can ask customers to check their details")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="waiting"), name="one_details_check_waits"
            ),
            models.CheckConstraint(condition=~Q(what=[]), name="details_check_is_of_something"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="details_check_answered_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} since {self.asked_at:%Y-%m-%d}"


class DataCopy(models.Model):
    """All that is kept about a customer, asked for in the portal, packed by a worker and there for some days."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="data_copies")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = _person()
    made_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False, help_text="When its file went.")
    file = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    size = models.PositiveBigIntegerField(default=0, db_default=0, help_text="In octets.")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    fetched_at = models.DateTimeField(null=True, editable=False, help_text="When it was fetched last.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(made_at=None, ended_at=None), name="one_data_copy_waits"
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(expires_at__isnull=False), name="data_copy_expires"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(file=""), name="data_copy_that_ended_has_no_file"
            ),
        ]

    def __str__(self) -> str:
        return f"Copy of {self.asked_at:%Y-%m-%d}"


class ForgetWish(models.Model):
    """A customer asked in the portal to be forgotten; somebody answers it, or they take it back."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="forget_wishes")
    words = models.CharField("in their words", max_length=500, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = _person()
    answer = models.CharField(max_length=500, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = _person()

    class Meta:
        default_permissions = ()
        permissions = [("answer_forget_wish", "Can answer customers who ask to be forgotten")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="waiting"), name="one_forget_wish_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="forget_wish_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} since {self.asked_at:%Y-%m-%d}"
