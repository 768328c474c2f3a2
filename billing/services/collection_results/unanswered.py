"""Lines whose result never comes: a person ends the wait, so that nothing is forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.models import CollectionLine
from billing.services import locks
from billing.services.batches import building
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User

State = CollectionLine.State
ANSWERED_BY = timedelta(days=10)


def unanswered(day: date) -> QuerySet[CollectionLine]:
    """Lines that went out so long before a day that their results should be there."""
    live = CollectionLine.objects.filter(entries__live=True, state=State.SENT)
    return live.filter(batch__action_date__lt=day - ANSWERED_BY).distinct()


@transaction.atomic
def give_up(*, line: CollectionLine, why: str, actor: User, now: datetime) -> None:
    """Wait no longer: what the line was to collect is owed as before, and free for another.

    A result that comes all the same waits for a person. Raises DomainError while one may still come.
    """
    if not why.strip():
        raise DomainError("Say why.", field="why")
    locks.hold([line.customer_id])
    waiting = CollectionLine.objects.filter(pk__in=unanswered(local_day(now)).filter(pk=line.pk).values("pk"))
    if not waiting.update(state=State.REFUSED, withdrawn_why=f"No result came: {why.strip()}"[:200]):
        raise DomainError(f"Its result may still come; it is waited for {ANSWERED_BY.days} days.")
    building.touch(line.batch, actor, f"{line.reference}: waits no longer for a result: {why.strip()}")
