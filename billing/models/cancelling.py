"""Customers and services that end: reasons, requests, and what each ends."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key

from .documents import Document
from .people import person
from .recurring import Hold


@audited(words=("name",))
class CancellationReason(models.Model):
    """Why customers leave. Its words never change; a reason that is not wanted is retired."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    won_back = models.BooleanField(
        "could be won back", default=False, db_default=False, help_text="Shown apart in the report."
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        verbose_name = "reason of cancellation"
        verbose_name_plural = "reasons of cancellation"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="cancellation_reason_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(customer="customer", exclude=("asked_at", "token_hash", "undo", "trouble"))
class Cancellation(models.Model):
    """The end of a customer or of some of their data accounts: staff approve, the customer confirms by a link."""

    class State(models.TextChoices):
        ASKED = "asked", "Waits for approval"
        APPROVED = "approved", "Waits for the customer"
        CONFIRMED = "confirmed", "Confirmed, not ended yet"
        DENIED = "denied", "Denied by the customer"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "Not answered in time"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DONE = "done", "Ended"

    OPEN = (State.ASKED, State.APPROVED, State.CONFIRMED)

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="cancellations", db_index=False
    )
    whole = models.BooleanField("the whole customer", default=True, db_default=True)
    reason = models.ForeignKey(CancellationReason, on_delete=models.PROTECT, related_name="+")
    comment = models.CharField(max_length=1000, blank=True, default="", db_default="")
    last_day = models.DateField("last day of service")
    answer_by = models.DateField("the customer answers by", null=True)
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.ASKED, db_default=State.ASKED, db_collation="C"
    )
    token_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    asked_by = person()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_by = person()
    approved_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_from = models.GenericIPAddressField(null=True, editable=False)
    answer = models.CharField(max_length=1000, blank=True, default="", db_default="")
    applied_at = models.DateTimeField("ends were set", null=True, editable=False)
    undo = models.JSONField(
        default=dict, db_default={}, editable=False, help_text="The last days that items had before, by id."
    )
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    final_draft = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    equipment = models.CharField(
        "equipment to collect", max_length=500, blank=True, default="", db_default=""
    )

    class Meta:
        default_permissions = ("view", "add")
        permissions = [
            ("approve_cancellation", "Can approve and refuse cancellations"),
            ("withdraw_cancellation", "Can withdraw cancellations"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="cancellations_of_customer"),
            models.Index(fields=["state", "last_day", "id"], name="cancellations_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(whole=True, state__in=["asked", "approved", "confirmed"]),
                name="one_cancellation_of_a_customer",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="cancellation_token_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} on {self.last_day}"


class CancelledAccount(models.Model):
    """A data account that a cancellation ends."""

    cancellation = models.ForeignKey(Cancellation, on_delete=models.CASCADE, related_name="accounts")
    account = models.ForeignKey("dataaccounts.DataAccount", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cancellation", "account"], name="cancelled_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"


class HeldAccount(models.Model):
    """A data account that a hold took off for its days; what was suspended before stays so afterwards."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="held_accounts")
    account = models.ForeignKey("dataaccounts.DataAccount", on_delete=models.PROTECT, related_name="+")
    down_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(back_at=None), name="account_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
