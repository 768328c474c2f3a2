"""Saying by hand what a receipt pays: undoing and allocating in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import Allocation, Entry, Receipt
from billing.selectors import receipts as reading
from billing.services import ledger, locks
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User


@transaction.atomic
def spread(
    *,
    receipt: Receipt,
    undo: Collection[int],
    amounts: Mapping[int, Decimal],
    day: date,
    now: datetime,
    actor: User,
) -> None:
    """Undo these allocations of a receipt, then let it pay these entries so much each.

    Raises DomainError where more is to be paid than the receipt has left or a document is owed.
    """
    locks.hold([receipt.customer_id])
    entry = reading.entry_of(receipt)
    live = Allocation.objects.filter(credit=entry, pk__in=undo).values_list("pk", flat=True)
    ledger.unallocate(allocations=list(live), day=day, now=now, actor=actor)
    total, left = sum(amounts.values(), Decimal(0)), reading.left(receipt)
    if total > left:
        raise DomainError(f"Only {rand(left)} of this receipt is free, not {rand(total)}.")
    for debit in Entry.objects.filter(pk__in=amounts, customer=receipt.customer_id).order_by("pk"):
        ledger.allocate(debit=debit, credit=entry, amount=amounts[debit.pk], day=day, actor=actor)
