from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q


class Exact(json.JSONDecoder):
    """Amounts come back as Decimal, never as a float."""

    def __init__(self, *, parse_float: Callable[[str], Any] | None = None, **kwargs: Any) -> None:
        super().__init__(parse_float=parse_float or Decimal, **kwargs)


class AuditEvent(models.Model):
    """One row added, changed or removed: what, by whom, when and from where, with old and new values.

    Triggers write it and nothing edits it; it points at its row, customer and actor without foreign keys,
    so that it outlives them. The table is partitioned by quarter (migration 0002), and old quarters go as a
    whole. `name` is what the row was called at the time. A key missing from `old` or `new` was empty there.
    """

    class Operation(models.TextChoices):
        ADD = "add", "Added"
        CHANGE = "change", "Changed"
        REMOVE = "remove", "Removed"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    operation = models.CharField(max_length=6, choices=Operation.choices)
    model = models.CharField(max_length=100, db_collation="C")
    object_id = models.CharField(max_length=64, db_collation="C")
    customer_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    old = models.JSONField(decoder=Exact)
    new = models.JSONField(decoder=Exact)
    actor_id = models.BigIntegerField(null=True)
    act = models.UUIDField(null=True, help_text="Shared by all that one request, job or command did.")
    source = models.CharField(max_length=300)
    ip = models.GenericIPAddressField(null=True)
    run_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["customer_id", "-at", "-id"],
                name="audit_of_a_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["actor_id", "-at", "-id"],
                name="audit_of_an_actor",
                condition=Q(actor_id__isnull=False),
            ),
            models.Index(fields=["model", "-at", "-id"], name="audit_of_a_model"),
        ]
        default_permissions = ()
        permissions = [
            ("see_audit", "Can see the audit trail of everything"),
            ("export_audit", "Can export large parts of the audit trail"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.model} {self.name}"
