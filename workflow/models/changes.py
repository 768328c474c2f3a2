"""What customers ask to be changed, and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from billing.models.people import person
from herotill.audit import audited
from herotill.secrets import EncryptedField


@audited(customer="customer", exclude=("asked_at", "wanted", "seen", "version"))
class ChangeRequest(models.Model):
    """Fields of a fixed list per kind that a customer wants changed; staff accept or reject it once.

    `wanted` and `seen` are values by field as asked for, and as they stood when it was asked; the bank account
    number stands apart, encrypted. Accepting applies exactly the version that was shown, and is refused where
    the request or what stands has changed since (safety 10).
    """

    class Kind(models.TextChoices):
        DETAILS = "details", "Account details"
        PAYMENT = "payment", "Payment method"
        CONVERSION = "conversion", "Individual or company"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a decision"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Origin(models.TextChoices):
        PORTAL = "portal", "Portal"
        STAFF = "staff", "Staff, on the customer's behalf"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="change_requests", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, db_collation="C")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING, db_collation="C"
    )
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.PORTAL)
    wanted = models.JSONField(default=dict, db_default={})
    seen = models.JSONField(default=dict, db_default={})
    number_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    number = EncryptedField(
        "account number", last_four="number_last_four", permission="billing.reveal_account_number"
    )
    words = models.CharField("in their words", max_length=500, blank=True, default="", db_default="")
    document = models.CharField(
        "shown by", max_length=300, blank=True, default="", db_default="", help_text="Where staff entered it."
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = person()
    asked_from = models.GenericIPAddressField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = person()
    why = models.CharField("reason", max_length=500, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        default_permissions = ("view", "add")
        permissions = [("decide_changerequest", "Can accept and reject what customers ask to be changed")]
        indexes = [
            models.Index(fields=["customer", "-id"], name="changes_of_customer"),
            models.Index(fields=["state", "asked_at", "id"], name="changes_by_state"),
            models.Index(fields=["asked_at", "id"], name="changes_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(state="waiting"), name="one_waiting_change_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(why=""), name="rejected_change_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.customer_id}"
