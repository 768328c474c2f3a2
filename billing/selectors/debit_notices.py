"""Which debits were announced, and in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from billing.models import CollectionBatch, DebitNotice, Rules


@dataclass(frozen=True, slots=True)
class Announced:
    """What customers were told of debits on one date, long enough before it."""

    days: int
    told: frozenset[tuple[int, Decimal]]

    def has(self, customer: int, amount: Decimal) -> bool:
        return (customer, amount) in self.told


def announced(batch: CollectionBatch) -> Announced:
    """The announcements that count for this batch: sent the notice's days before its date, or earlier."""
    days = Rules.objects.values_list("debit_notice_days", flat=True).get()
    found = DebitNotice.objects.filter(
        action_date=batch.action_date, sent_on__lte=batch.action_date - timedelta(days=days)
    )
    return Announced(days, frozenset(found.values_list("customer_id", "amount")))
