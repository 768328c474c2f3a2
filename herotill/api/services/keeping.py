"""Requests that are sent twice are done once: their answers are kept under the key they carried."""

from __future__ import annotations

from datetime import datetime, timedelta

from herotill.api.models import KeptAnswer, Token
from herotill.api.refusing import Refused

KEPT_FOR = timedelta(days=7)


def reserve(*, token: Token, key: str, asked: str) -> tuple[KeptAnswer, bool]:
    """The row of this key, and whether it is new. Waits for another request with it that is being answered.

    Call it in the transaction of the deed, so that a deed that came to nothing leaves no key. Raises Refused
    where the key served another request.
    """
    row, new = KeptAnswer.objects.get_or_create(token=token, key=key, defaults={"asked": asked})
    if not new and row.asked != asked:
        raise Refused(409, "key_used", "This Idempotency-Key was used for another request.")
    return row, new


def keep(*, row: KeptAnswer, status: int, body: str) -> None:
    """Remember what was answered."""
    KeptAnswer.objects.filter(pk=row.pk).update(status=status, body=body)


def forget(now: datetime) -> str:
    """Let go of answers that nobody asks for any more."""
    gone = KeptAnswer.objects.filter(made_at__lt=now - KEPT_FOR).delete()[0]
    return f"{gone} kept answers forgotten." if gone else ""
