"""What a program shows to be let in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited


@audited(words=("name",), exclude=("last_used_at", "made_at"), secret=("hashed",))
class Token(models.Model):
    """Lets a program in as its owner, for what `scopes` name, until a day.

    Its text is shown once; the SHA-256 of it is kept, and `prefix` to tell it from others. What its owner may
    not do at the moment of a call, it may not do either.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("what it is for", max_length=100)
    prefix = models.CharField("begins with", max_length=12, editable=False, db_collation="C")
    hashed = models.CharField("token", max_length=64, editable=False, db_collation="C")
    scopes = ArrayField(models.CharField(max_length=40), verbose_name="may")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField("ends")
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_tokens", "Can see everybody's tokens"),
            ("make_token", "Can make tokens for programs, within their own rights"),
            ("revoke_tokens", "Can revoke the tokens of others"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hashed"], name="token_once"),
            models.CheckConstraint(condition=Q(hashed__regex="^[0-9a-f]{64}$"), name="token_is_hashed"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="token_may_something"),
            models.CheckConstraint(condition=~Q(name=""), name="token_says_what_for"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
