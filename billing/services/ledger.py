"""Settling debits with credits: oldest first for many, by hand for one, and undoing it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from billing.models import Allocation, Entry, OpenItem
from billing.services import locks
from herotill.bulk import array_of_ids
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User


@transaction.atomic
def allocate_oldest(*, customers: Collection[int], actor: User | None) -> int:
    """Use these customers' credit for their oldest debts; how many allocations that made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT billing_allocate_oldest(%s, %s)", [array_of_ids(customers), actor.pk if actor else None]
        )
        made: int = cursor.fetchone()[0]
        return made


@transaction.atomic
def allocate(
    *, debit: Entry, credit: Entry, amount: Decimal, day: date, actor: User | None, how: str = "hand"
) -> Allocation:
    """Let `amount` of a credit pay a debit of the same customer from `day` on, or from when both are free for it.

    Raises DomainError where less is open on either side.
    """
    locks.hold([debit.customer_id])
    items = list(OpenItem.objects.filter(entry__in=[debit, credit]))
    left = {item.entry_id: abs(item.open) for item in items}
    most = min(left.get(debit.pk, Decimal(0)), left.get(credit.pk, Decimal(0)))
    if amount > most:
        raise DomainError(f"Only {rand(most)} can be allocated: more is not open.", field="amount")
    if amount <= 0:
        raise DomainError("An allocation is more than nothing.", field="amount")
    return Allocation.objects.create(
        customer_id=debit.customer_id,
        debit=debit,
        credit=credit,
        amount=amount,
        how=how,
        starts_on=max(day, *(item.free_from for item in items)),
        made_by=actor,
    )


@transaction.atomic
def unallocate(*, allocations: Collection[int], day: date, now: datetime, actor: User | None) -> int:
    """Undo allocations as at `day`: what they paid is open again and the credit free. How many were undone."""
    found = Allocation.objects.filter(pk__in=allocations)
    locks.hold(set(found.values_list("customer_id", flat=True)))
    live = found.filter(known_until=None).exclude(how=Allocation.How.REVERSAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_allocation SET ends_on = greatest(%s, starts_on), known_until = %s, undone_by_id = %s"
            " WHERE id = ANY (%s)",
            [day, now, actor.pk if actor else None, list(live.values_list("pk", flat=True))],
        )
        return cursor.rowcount
