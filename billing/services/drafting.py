"""Putting charges that wait on draft invoices: for one customer or for a hundred thousand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, transaction

from billing.services import locks
from herotill.bulk import array_of_ids
from herotill.users.models import User

# Customer by customer along the index of what waits: how much that is, no statistics know.
# A customer whose charges come to nothing or less gets no invoice; they wait for the next.
_DRAFT = """
WITH lines AS MATERIALIZED (
    SELECT l.* FROM unnest(%(customers)s::bigint[]) asked (customer_id) CROSS JOIN LATERAL (
        SELECT id, customer_id, excl, vat, incl FROM billing_line
        WHERE document_id IS NULL AND customer_id = asked.customer_id AND period <= %(upto)s OFFSET 0
    ) l
), waiting AS (
    SELECT customer_id, sum(excl) AS excl, sum(vat) AS vat, sum(incl) AS incl
    FROM lines GROUP BY customer_id HAVING sum(incl) > 0
), made AS (
    INSERT INTO billing_document (kind, status, customer_id, document_date, due_date, period, excl, vat, incl,
        run_id, created_by_id)
    SELECT 'invoice', 'draft', w.customer_id, %(dated)s,
           %(dated)s + coalesce(p.due_days, g.due_days, r.due_days)::integer,
           %(period)s, w.excl, w.vat, w.incl, %(run)s, %(actor)s
    FROM waiting w JOIN customers_customer c ON c.id = w.customer_id
    LEFT JOIN customers_billinggroup g ON g.id = c.billing_group_id
    LEFT JOIN billing_billingprofile p ON p.customer_id = c.id
    CROSS JOIN billing_rules r
    ORDER BY w.customer_id
    RETURNING id, customer_id
), placed AS (
    UPDATE billing_line l SET document_id = made.id FROM lines JOIN made USING (customer_id) WHERE l.id = lines.id
    RETURNING 1
)
SELECT id FROM made ORDER BY customer_id
"""


@transaction.atomic
def draft(
    *,
    customers: Collection[int],
    period: date,
    upto: date,
    dated: date,
    actor: User | None,
    run_id: int | None = None,
) -> list[int]:
    """Make one draft invoice for each of these customers that has charges waiting; the drafts' ids.

    `period` is the billing month, `upto` the last service month to be taken (first days, both), `dated` the
    document date. The due date follows the customer's own days, their billing group's, or the company's.
    """
    values: dict[str, Any] = {
        "customers": array_of_ids(customers),
        "period": period,
        "upto": upto,
        "dated": dated,
        "run": run_id,
        "actor": actor.pk if actor else None,
    }
    locks.take_turns(customers)
    with connection.cursor() as cursor:
        cursor.execute(_DRAFT, values)
        return [pk for (pk,) in cursor.fetchall()]
