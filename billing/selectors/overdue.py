"""What customers owe now, and how much of it should have been paid before today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connections
from django.utils.timezone import get_current_timezone

from customers.owing import Owed
from herotill.clock import stamp
from herotill.money import ZERO
from herotill.reading import reading

_OWED = """
SELECT b.customer_id, b.amount, coalesce((
    SELECT sum(o.open) FROM billing_openitem o
    WHERE o.customer_id = b.customer_id AND o.open > 0 AND o.due_date < %(today)s), 0.00)
FROM customers_customerbalance b WHERE b.customer_id = ANY (%(customers)s)
"""


def of(customers: Sequence[int]) -> Mapping[int, Owed]:
    """The balance of each of these customers and what of it is past its due date, less credit not used yet."""
    today = stamp().astimezone(get_current_timezone()).date()
    with connections[reading()].cursor() as cursor:
        cursor.execute(_OWED, {"today": today, "customers": list(customers)})
        return {pk: Owed(amount, max(ZERO, min(late, amount))) for pk, amount, late in cursor.fetchall()}
