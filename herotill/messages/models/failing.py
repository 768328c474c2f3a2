from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class FailingAddress(models.Model):
    """An address that a mail server told us it takes nothing for; until mail from it comes again."""

    address = models.CharField(max_length=254, db_collation="C", help_text="Lower case.")
    at = models.DateTimeField(db_default=Now())
    message_id = models.BigIntegerField(null=True, help_text="The message that came back, if it is ours.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["address"], name="failing_address_once")]

    def __str__(self) -> str:
        return self.address
