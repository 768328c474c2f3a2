"""Which months of the books are closed."""

from __future__ import annotations

from datetime import date

from billing.models import AccountingPeriod
from herotill.months import Month


def closed_months() -> set[date]:
    """The first days of the closed months."""
    return set(AccountingPeriod.objects.exclude(closed_at=None).values_list("month", flat=True))


def open_day(day: date) -> date:
    """`day`, or the first day after it whose month is open: where a later fact about a closed month is posted."""
    closed, month = closed_months(), Month.of(day)
    while month.first in closed:
        month = month.next
    return max(day, month.first)
