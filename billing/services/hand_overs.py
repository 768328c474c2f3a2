"""Handing debts over to an external collector, and taking them back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing.models import HandOver
from billing.selectors import hand_overs as reading
from billing.services import locks, work_list
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def make(*, customers: Collection[int], collector: str, now: datetime, actor: User | None) -> list[HandOver]:
    """Hand what these customers owe overdue over; whoever owes nothing, or is handed over, is left out.

    From then on they are neither called, warned nor suspended by us. Returns the new hand-overs.
    """
    if not collector.strip():
        raise DomainError("Say who collects.", field="collector")
    locks.hold(customers)
    day = local_day(now)
    owed = reading.owed(customers, day)
    there = reading.open(customers)
    made = HandOver.objects.bulk_create(
        [
            HandOver(
                customer_id=pk, collector=collector.strip(), amount=amount, handed_on=day, handed_by=actor
            )
            for pk, amount in sorted(owed.items())
            if pk not in there
        ],
        batch_size=1000,
    )
    work_list.renew(now=now, customers=[one.customer_id for one in made])
    return made


@transaction.atomic
def take_back(*, hand_over: HandOver, reason: str, now: datetime, actor: User | None) -> None:
    """Have the debt be ours again. Raises DomainError where it is already."""
    locks.hold([hand_over.customer_id])
    held = HandOver.objects.select_for_update().get(pk=hand_over.pk)
    if held.back_on:
        raise DomainError("This is taken back already.")
    held.back_on, held.back_why = local_day(now), reason.strip()
    held.save(update_fields=["back_on", "back_why"])
    work_list.renew(now=now, customers=[held.customer_id])
