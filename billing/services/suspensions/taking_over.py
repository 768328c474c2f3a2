"""Customers who came suspended from the old system: a case that waits for a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction

from billing.selectors import suspensions as reading
from herotill.money import ZERO

WHY = "Was suspended already when it came here."
_FIND = """
SELECT c.id FROM customers_customer c WHERE c.status = 'suspended' {which}
AND NOT EXISTS (SELECT FROM billing_suspensioncase s WHERE s.customer_id = c.id AND s.state <> 'ended')
AND NOT EXISTS (SELECT FROM billing_customerdown d WHERE d.customer_id = c.id AND d.back_at IS NULL)
ORDER BY c.id FOR NO KEY UPDATE OF c
"""
_OPEN = """
WITH made AS (
    INSERT INTO billing_suspensioncase (customer_id, state, opened_on, counts_from, overdue)
    SELECT id, 'taken_over', %(day)s, counts_from, overdue
    FROM unnest(%(ids)s::bigint[], %(counts)s::date[], %(overdue)s::numeric[]) t (id, counts_from, overdue)
    ON CONFLICT (customer_id) WHERE state <> 'ended' DO NOTHING RETURNING id, overdue
)
INSERT INTO billing_casestep (case_id, kind, day, overdue, why)
SELECT id, 'opened', %(day)s, overdue, %(why)s FROM made
"""


@transaction.atomic
def take_over(customers: Collection[int] | None = None, *, day: date) -> int:
    """Open a case *taken over* of customers (None: all) who are suspended without one; how many.

    They are neither warned nor restored until a person decides.
    """
    values = {"customers": list(customers)} if customers is not None else {}
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(which="AND c.id = ANY (%(customers)s)" if values else ""), values)
        ids = [pk for (pk,) in cursor.fetchall()]
        if not ids:
            return 0
        owed = reading.overdue(ids, day)
        known = [owed.get(pk) for pk in ids]
        counts = [(one.counts_from or one.since) if one else day for one in known]
        amounts = [one.amount if one else ZERO for one in known]
        cursor.execute(_OPEN, {"ids": ids, "counts": counts, "overdue": amounts, "day": day, "why": WHY})
        return cursor.rowcount
