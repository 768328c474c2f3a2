"""Tokens: made, shown once, recognised, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.access import may
from herotill.api.models import Token
from herotill.api.scopes import scopes
from herotill.errors import DomainError
from herotill.users.backends import HouseBackend
from herotill.users.models import User

MARK = "ht_"
SHOWN = 10
LONGEST = timedelta(days=366)
SEEN_EVERY = timedelta(minutes=1)


def hashed(text: str) -> str:
    """What is kept of a token. It is random and long, so that a plain hash tells nobody anything."""
    return hashlib.sha256(text.encode()).hexdigest()


def make(
    *, owner: User, name: str, wanted: Collection[str], expires_at: datetime, now: datetime
) -> tuple[Token, str]:
    """A new token of this person and its text, which nobody can see again.

    Raises DomainError for a scope whose right they do not hold, and for an end that is past or far away.
    """
    for scope in wanted:
        if scope not in scopes or not may(owner, scopes[scope].right):
            raise DomainError("You cannot give a token what you may not do yourself.", field="scopes")
    if not wanted:
        raise DomainError("Say what the token may be used for.", field="scopes")
    if not now < expires_at <= now + LONGEST:
        raise DomainError("A token ends on a day to come, within a year.", field="expires_on")
    text = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        owner=owner,
        name=name,
        prefix=text[:SHOWN],
        hashed=hashed(text),
        scopes=sorted(wanted),
        made_at=now,
        expires_at=expires_at,
    )
    return token, text


def revoke(*, token: Token, actor: User, now: datetime) -> None:
    """End a token at once; a second time changes nothing. Raises DomainError for another's without the right."""
    if token.owner_id != actor.pk and not may(actor, "api.revoke_tokens"):
        raise DomainError("This token is somebody else's.")
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now, revoked_by=actor)


def revoke_all(owner_id: int) -> int:
    """End all tokens of a person at once, as where somebody else had their password; how many."""
    return Token.objects.filter(owner=owner_id, revoked_at=None).update(revoked_at=Now())


def known(text: str, *, now: datetime) -> tuple[Token, User] | None:
    """The token with this text and its owner as they are now; None where either may not come in (any more)."""
    if not text.startswith(MARK):
        return None
    token = Token.objects.filter(hashed=hashed(text), revoked_at=None, expires_at__gt=now).first()
    owner = HouseBackend().get_user(token.owner_id) if token else None
    if token is None or owner is None or owner.kind != User.Kind.STAFF:
        return None
    return token, owner


def seen(*, token: Token, now: datetime) -> None:
    """Note that a token is in use, once a minute."""
    unseen = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
    if token.last_used_at is None or token.last_used_at < now - SEEN_EVERY:
        Token.objects.filter(unseen, pk=token.pk).update(last_used_at=now)


def listed(*, owner: User | None = None) -> list[Token]:
    """Tokens, those that still open first; of one person or of all."""
    found = Token.objects.select_related("owner", "revoked_by")
    return list(
        (found.filter(owner=owner) if owner else found).order_by(
            F("revoked_at").desc(nulls_first=True), "-pk"
        )
    )
