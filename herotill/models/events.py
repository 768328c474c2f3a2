from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

_KEPT = ("id", "kind", "customer_id", "subject_kind", "subject_id", "data", "asked", "key", "at")
_CHANGED = "ROW({new}) IS DISTINCT FROM ROW({old})".format(
    new=", ".join(f"NEW.{column}" for column in _KEPT), old=", ".join(f"OLD.{column}" for column in _KEPT)
)

_GOES = "house_fact_goes(OLD.asked, OLD.at, OLD.position)"
_BLANKED = "house_only_blanks(OLD.customer_id, to_jsonb(OLD.*), to_jsonb(NEW.*), '{data}')"


class Fact(models.Model):
    """Something that happened, written by the service that did it, in the same transaction.

    `key` tells it from every other fact for ever. `position` is its place in the order in which consumers
    get facts: given once it is committed, so that one that commits late is never passed over. `data` holds
    ids and figures, no personal particulars: those are read from their rows. It goes when a customer is
    anonymised. What was `asked` for alone may go after 90 days; the newest fact stays, as the order is counted
    on from it.
    """

    kind = models.CharField(max_length=60, db_collation="C")
    customer_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=60, default="", db_default="", db_collation="C")
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    asked = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It was written only because somebody outside asked for it.",
    )
    key = models.CharField(max_length=200, db_collation="C")
    at = models.DateTimeField(db_default=Now(), editable=False)
    position = models.BigIntegerField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], name="fact_once"),
            models.UniqueConstraint(fields=["position"], name="fact_position_once"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind=""), name="fact_has_kind_and_key"),
        ]
        indexes = [
            models.Index(fields=["id"], name="fact_without_position", condition=Q(position=None)),
            models.Index(fields=["kind", "position"], name="fact_by_kind"),
            models.Index(
                fields=["customer_id", "-id"], name="fact_by_customer", condition=Q(customer_id__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="fact_is_never_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"(NOT {_GOES})"),
            ),
            pgtrigger.Protect(
                name="fact_is_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"((OLD.position IS NOT NULL OR {_CHANGED}) AND NOT {_BLANKED})"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class FactCursor(models.Model):
    """How far a consumer has come, and what stopped it if it was stopped."""

    consumer = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0, db_default=0)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=500, default="", db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.consumer}: {self.position}"
