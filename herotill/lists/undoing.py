"""Bulk deeds on record, and taking them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from herotill.errors import DomainError
from herotill.lists.bulk import UNDO_FOR, BulkAction, Done
from herotill.lists.lists import List
from herotill.models import BulkChange

KEPT = timedelta(days=1)


@transaction.atomic
def carry_out(
    *, listing: List, action: BulkAction, chosen: QuerySet[Any], data: dict[str, Any], person: Any, query: str
) -> tuple[Done, BulkChange]:
    """Do the deed and remember what was before."""
    done = action.apply(chosen=chosen, data=data | {"actor": person})
    change = BulkChange.objects.create(
        list_name=listing.name,
        action=action.name,
        person=person,
        query=query,
        rows=done.count,
        before=done.before,
    )
    return done, change


@transaction.atomic
def undo(*, listing: List, pk: int, person: Any, now: datetime) -> str:
    """Take one's own deed back, once, while it is fresh. Raises DomainError where that is over."""
    change = (
        BulkChange.objects.select_for_update().filter(pk=pk, list_name=listing.name, person=person).first()
    )
    action = listing.bulk.get(change.action) if change else None
    if change is None or action is None or not action.undoable or not person.has_perm(action.permission):
        raise DomainError("There is nothing of yours to undo here.")
    if change.undone_at:
        raise DomainError("This has been undone already.")
    if now - change.at > UNDO_FOR:
        raise DomainError(
            f"This was done more than {UNDO_FOR.seconds // 60} minutes ago and can no longer be undone."
        )
    back = action.undo(before=change.before)
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    left = change.rows - back
    kept = f" {listing.counted(left)} had changed since and stayed as they are." if left else ""
    return f"Undone for {listing.counted(back)}.{kept}"


def clear(now: datetime) -> str:
    """The job that forgets what can no longer be undone; the audit keeps who changed what."""
    gone, _ = BulkChange.objects.filter(at__lt=now - KEPT).delete()
    return f"Forgot {gone} bulk changes." if gone else ""
