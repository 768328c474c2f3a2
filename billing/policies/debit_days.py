"""On which day a debit order runs."""

from __future__ import annotations

from datetime import date, timedelta

from herotill import business_days
from herotill.months import Month

BEFORE, AFTER = "before", "after"


def on(mandate_day: int, holiday: str, month: Month) -> date:
    """The business day on which a mandate for `mandate_day` is debited in this month.

    A day the month does not have is its last. One on which no business is done moves to the business day
    `before` or `after`, as the mandate says; it may so come to lie in the next month or the one before.
    """
    day = month.first + timedelta(days=min(mandate_day, month.length) - 1)
    if business_days.is_business_day(day):
        return day
    return business_days.before(day, 1) if holiday == BEFORE else business_days.after(day, 1)
