from __future__ import annotations

from django.db import models
from django.db.models import Q

from herotill.audit import audited
from herotill.secrets import EncryptedField


@audited(words=("kind",), exclude=("balance", "balance_unit", "balance_at"), secret=("callback_hash",))
class SmsGateway(models.Model):
    """Our account with an SMS gateway. The active one sends.

    Its reports come to an address that holds a secret, of which the hash alone is kept.
    """

    class Kind(models.TextChoices):
        SMSPORTAL = "smsportal", "SMSPortal"
        BULKSMS = "bulksms", "BulkSMS"

    kind = models.CharField("gateway", max_length=20, choices=Kind.choices, unique=True)
    key = models.CharField("client or token id", max_length=200)
    secret_last_four = models.CharField(max_length=4, blank=True, default="", editable=False)
    secret = EncryptedField(last_four="secret_last_four", permission="outbox.change_smsgateway")
    sender = models.CharField(
        "sender",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="Where the gateway allows one.",
    )
    active = models.BooleanField(default=False, db_default=False)
    callback_hash = models.CharField(
        "callback address", max_length=64, blank=True, default="", db_default="", editable=False
    )
    balance = models.DecimalField(max_digits=14, decimal_places=4, null=True, editable=False)
    balance_unit = models.CharField(max_length=20, default="", db_default="", editable=False)
    balance_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = "SMS gateway"
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active_gateway"),
            models.CheckConstraint(condition=Q(kind__in=["smsportal", "bulksms"]), name="gateway_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
