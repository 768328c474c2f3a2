"""What requests of former customers lose; that something was asked and decided, when and by whom, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from herotill.blanking import execute
from workflow.selectors import change_requests as reading

BLANK = (
    "UPDATE workflow_changerequest SET wanted = '{}', seen = '{}', words = '', number = '', number_last_four = '',"
    " asked_from = NULL, document = CASE document WHEN '' THEN '' ELSE '•••' END,"
    " why = CASE why WHEN '' THEN '' ELSE '•••' END WHERE customer_id = ANY(%s)"
)


def blank(customers: Collection[int], now: datetime) -> None:
    """What was wanted and why, in the caller's transaction."""
    execute(BLANK, list(customers))


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever waits for a decision."""
    found = reading.waiting().filter(customer__in=customers)
    return dict.fromkeys(found.values_list("customer_id", flat=True), "A change request is not decided.")
