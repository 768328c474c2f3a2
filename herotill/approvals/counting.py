"""How many requests wait for a person, as the navigation shows it: a figure kept in the cache."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db import transaction

from herotill.access import may
from herotill.approvals.kinds import kinds
from herotill.models import ApprovalRequest

KEY, SECONDS = "approvals-open", 300


def waiting_for(user: Any) -> int:
    """How many requests this person may decide."""
    return sum(
        number
        for (kind, asked_by), number in _open().items()
        if asked_by != user.pk and kind in kinds and may(user, kinds[kind].permission)
    )


def forget() -> None:
    """Count anew, once this transaction is committed."""
    transaction.on_commit(lambda: cache.delete(KEY))


def _open() -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] | None = cache.get(KEY)
    if found is None:
        waiting = ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN).order_by()
        found = dict(Counter(waiting.values_list("kind", "asked_by_id")))
        cache.set(KEY, found, SECONDS)
    return found
