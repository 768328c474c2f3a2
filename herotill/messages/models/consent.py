from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from .messages import Channel


class Consent(models.Model):
    """Somebody said whether they want marketing at an address. Only ever added to; the newest counts."""

    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254, db_collation="C")
    wanted = models.BooleanField()
    how = models.CharField(max_length=200, help_text="How they said it: by a link, by SMS, on the phone.")
    customer_id = models.BigIntegerField(null=True)
    by = models.BigIntegerField(null=True, help_text="The person who wrote it down, if one did.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view", "add")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["channel", "address", "-id"], name="consent_newest"),
            models.Index(fields=["customer_id", "-id"], name="consent_of_a_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {'yes' if self.wanted else 'no'}"
