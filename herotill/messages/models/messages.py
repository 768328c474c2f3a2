from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "SMS"


class Message(models.Model):
    """One mail or SMS to one recipient: owed, sent, or what became of it.

    Written in the transaction that causes it. Without an `address` it goes to the contacts that hold
    `purpose` at `customer_id`, found when it is sent; each further recipient gets a row of its own
    (`split_from`). `subject` and `body` are the text as it was sent, with "[link]" in place of single-use
    links; `context` holds no secret.

    The table is partitioned by quarter (migration 0001) and points at nothing, so that old quarters go as a
    whole. Its keys stand in `outbox_key`, in which the database refuses one for the second time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HELD = "held", "Held back"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        CANCELLED = "cancelled", "Cancelled"
        SUPPRESSED = "suppressed", "Not wanted"

    id = models.BigAutoField(primary_key=True)
    queued_at = models.DateTimeField(db_default=Now())
    template = models.CharField(max_length=60, db_collation="C")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    purpose = models.CharField(max_length=20, default="", db_default="")
    customer_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=254, default="", db_default="", db_collation="C")
    subject_kind = models.CharField(max_length=40, default="", db_default="", db_collation="C")
    subject_id = models.BigIntegerField(null=True)
    context = models.JSONField(default=dict, db_default={})
    attachments = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    key = models.CharField(max_length=120, default="", db_default="", db_collation="C")
    queued_by = models.BigIntegerField(null=True, help_text="The person who had it sent, if one did.")
    rank = models.PositiveSmallIntegerField(default=50, db_default=50, help_text="Low ones go first.")

    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(null=True, db_default=Now())
    started_at = models.DateTimeField(null=True, help_text="When it was last given to the gateway.")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, default="", db_default="")
    gateway = models.CharField(max_length=20, default="", db_default="", db_collation="C")
    gateway_id = models.CharField(max_length=200, default="", db_default="", db_collation="C")
    parts = models.PositiveSmallIntegerField(null=True, help_text="Of an SMS, as the gateway counts them.")
    cost = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, help_text="In the gateway's unit: credits or rand."
    )
    version = models.PositiveIntegerField(null=True, help_text="Of the template; empty: as it came.")
    subject = models.CharField(max_length=300, default="", db_default="")
    body = models.TextField(default="", db_default="")
    split_from = models.BigIntegerField(null=True)
    again = models.BigIntegerField(null=True, help_text="The message that this one sends again.")

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("send_again", "Can send a message again"),
            ("cancel_message", "Can cancel messages that wait"),
            ("export_messages", "Can export large lists of messages"),
        ]
        ordering = ["-queued_at", "-id"]
        indexes = [
            models.Index(fields=["id"], name="outbox_by_id"),
            models.Index(
                fields=["channel", "rank", "next_try_at", "id"],
                name="outbox_due",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["state", "-queued_at", "-id"],
                name="outbox_in_trouble",
                condition=Q(state__in=["held", "sending", "failed", "unknown"]),
            ),
            models.Index(
                fields=["customer_id", "-queued_at", "-id"],
                name="outbox_of_a_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["subject_kind", "subject_id"],
                name="outbox_about",
                condition=Q(subject_id__isnull=False),
            ),
            models.Index(fields=["gateway_id"], name="outbox_gateway_id", condition=~Q(gateway_id="")),
            models.Index(fields=["address"], name="outbox_to", condition=~Q(address="")),
            models.Index(
                fields=["channel", "started_at"], name="outbox_begun", condition=Q(started_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in="waiting held sending sent delivered failed unknown cancelled suppressed".split()
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="message_channel_known"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(next_try_at__isnull=False),
                name="waiting_message_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="sent_message_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | Q(customer_id__isnull=False), name="message_has_somebody_to_go_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.template} to {self.address or self.purpose}"
