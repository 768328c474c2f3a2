"""Whom we tell what happened, and what of it was told."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.secrets import EncryptedField


@audited(words=("name",), exclude=("made_at",))
class Webhook(models.Model):
    """An address that is told of facts of these kinds, signed with a secret that it knows.

    Another host gets another secret: the one there was is not used for it.
    """

    name = models.CharField("who is told", max_length=100)
    url = models.CharField("address", max_length=500)
    kinds = ArrayField(models.CharField(max_length=60), verbose_name="of what")
    secret_last_four = models.CharField(max_length=4, blank=True, default="", editable=False)
    secret = EncryptedField(last_four="secret_last_four", permission="api.change_webhooks")
    paused = models.BooleanField(default=False, db_default=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        permissions = [
            ("see_webhooks", "Can see webhooks and what they told"),
            ("change_webhooks", "Can set up, pause and remove webhooks, and tell anew"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="webhook_name_once"),
            models.CheckConstraint(condition=Q(url__regex="^https?://"), name="webhook_goes_over_http"),
            models.CheckConstraint(condition=~Q(kinds=[]), name="webhook_tells_something"),
            models.CheckConstraint(condition=~Q(name=""), name="webhook_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One fact owed to one webhook, tried until it is taken or given up. `body` goes out as it stands here."""

    class State(models.TextChoices):
        OWED = "owed", "Waits"
        TOLD = "told", "Told"
        GIVEN_UP = "given_up", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    fact_id = models.BigIntegerField()
    kind = models.CharField(max_length=60, db_collation="C")
    body = models.TextField()
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.OWED, db_default=State.OWED, db_collation="C"
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField("answer", null=True)
    said = models.CharField(max_length=300, default="", db_default="")
    made_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["webhook", "fact_id"], name="fact_owed_once"),
            models.CheckConstraint(
                condition=Q(state__in=["owed", "told", "given_up"]), name="delivery_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], name="deliveries_owed", condition=Q(state="owed")),
            models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook_id}"
