"""Answers kept, so that a request sent twice is done once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .tokens import Token


class KeptAnswer(models.Model):
    """What a request with this idempotency key was answered, written in the transaction of its deed.

    `asked` is the SHA-256 of method, path and body, so that the key cannot serve another request.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100, db_collation="C")
    asked = models.CharField(max_length=64, db_collation="C")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    made_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key"),
            models.CheckConstraint(condition=~Q(key=""), name="answer_has_a_key"),
        ]

    def __str__(self) -> str:
        return self.key
