"""What is overdue for collections: the one place that says so, for one customer and for everybody.

Documents past their day, less credit not used yet, oldest first. Left out are disputed documents, what a
released collection line is about to collect, what came from the old system until its debtors are signed, and
accounts that another pays for (sub-accounts billed to their master, a reseller's clients).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from billing.models import SuspensionRules
from billing.policies.collection_days import calendar
from billing.selectors import cutover
from herotill.bulk import array_of_ids
from herotill.money import CENT


class Overdue(NamedTuple):
    """So much is overdue; at least the minimum has been since `counts_from`, which is None below it."""

    amount: Decimal
    counts_from: date | None
    since: date


# Rule 8: for debit-order and card customers the days count from the later of the due date and the action date
# (of the line that collected it last, else the first debit day from the due date on) with days of grace.
# Each step is worked out once for a row, hence MATERIALIZED.
_SQL = """
WITH graced (day, counts) AS MATERIALIZED (SELECT * FROM unnest(%(days)s::date[], %(graced)s::date[])),
credit AS (
    SELECT o.customer_id, -sum(o.open) AS amount FROM billing_openitem o WHERE o.open < 0 {whom} GROUP BY o.customer_id
),
awaited AS (
    SELECT e.entry_id, e.amount FROM billing_collectedentry e JOIN billing_collectionline l ON l.id = e.line_id
    JOIN billing_collectionbatch b ON b.id = l.batch_id AND b.state NOT IN ('draft', 'cancelled', 'rejected')
    WHERE e.live
),
late AS MATERIALIZED (
    SELECT o.customer_id, o.entry_id, o.document_id, o.due_date, o.open - coalesce(awaited.amount, 0) AS open,
        CASE WHEN c.payment_method IN ('debit_order', 'credit_card') THEN (
            SELECT max(b.action_date) FROM billing_collectedentry e
            JOIN billing_collectionline l ON l.id = e.line_id AND l.state <> 'withdrawn'
            JOIN billing_collectionbatch b ON b.id = l.batch_id AND b.state NOT IN ('draft', 'cancelled', 'rejected')
            WHERE e.entry_id = o.entry_id) END AS collected_on,
        CASE WHEN c.payment_method IN ('debit_order', 'credit_card') THEN coalesce(
            (SELECT m.debit_day FROM billing_mandate m WHERE m.customer_id = c.id AND m.status IN ('active', 'blocked')),
            (SELECT t.debit_day FROM billing_debitdetail t WHERE t.customer_id = c.id AND t.replaced_at IS NULL),
            (SELECT g.run_day FROM customers_billinggroup g WHERE g.id = c.billing_group_id))::integer END AS debit_day
    FROM billing_openitem o JOIN customers_customer c ON c.id = o.customer_id
    LEFT JOIN awaited ON awaited.entry_id = o.entry_id {before}
    WHERE o.open > 0 AND o.due_date < %(day)s {whom}
      AND (c.master_id IS NULL OR coalesce((
          SELECT s.mode FROM billing_subaccountmode s WHERE s.customer_id = c.id AND s.starts_on <= %(day)s
          ORDER BY s.starts_on DESC LIMIT 1), 'itself') = 'itself')
),
months AS (
    SELECT late.*, date_trunc('month', due_date)::date AS first,
        (date_trunc('month', due_date) + interval '1 month')::date AS next,
        (date_trunc('month', due_date) + interval '2 months')::date AS after
    FROM late
),
acted AS MATERIALIZED (
    SELECT customer_id, entry_id, document_id, due_date, open, coalesce(collected_on, CASE
        WHEN debit_day IS NULL THEN NULL
        WHEN least(first + debit_day - 1, next - 1) >= due_date THEN least(first + debit_day - 1, next - 1)
        ELSE least(next + debit_day - 1, after - 1) END) AS action
    FROM months
),
dated AS MATERIALIZED (
    SELECT acted.customer_id, acted.entry_id, acted.document_id, acted.open,
        greatest(acted.due_date, graced.counts) AS since
    FROM acted LEFT JOIN graced ON graced.day = acted.action
)
SELECT customer_id, max(upto) - max(credit) AS overdue,
       min(since) FILTER (WHERE upto - credit >= %(minimum)s) AS counts_from,
       min(since) FILTER (WHERE upto > credit) AS since
FROM (
    SELECT dated.customer_id, dated.since, coalesce(credit.amount, 0.00) AS credit,
           sum(dated.open) OVER (PARTITION BY dated.customer_id ORDER BY dated.since, dated.entry_id) AS upto
    FROM dated LEFT JOIN credit ON credit.customer_id = dated.customer_id
    WHERE dated.since < %(day)s AND dated.open > 0
      AND NOT EXISTS (SELECT FROM billing_dispute d WHERE d.document_id = dated.document_id AND d.answered_at IS NULL)
) summed GROUP BY customer_id HAVING max(upto) > max(credit)
"""
_OF_SOME = "AND o.customer_id = ANY (%(customers)s)"
_NOT_BEFORE = "JOIN billing_entry w ON w.id = o.entry_id AND NOT w.before"


def overdue_sql(*, some: bool, signed: bool) -> str:
    """Rows of customer_id, overdue, counts_from, since; of `customers` where `some`, else of everybody.

    Asks for what `parameters` gives.
    """
    return _SQL.format(whom=_OF_SOME if some else "", before="" if signed else _NOT_BEFORE)


def parameters(
    *, day: date, customers: Collection[int] | None = None, rules: SuspensionRules | None = None
) -> dict[str, Any]:
    """What the statement asks for."""
    rules = rules or SuspensionRules.objects.get()
    days, graced = calendar(day, rules.grace_days)
    values: dict[str, Any] = {
        "day": day,
        "days": days,
        "graced": graced,
        "minimum": max(rules.minimum, CENT),
    }
    return values if customers is None else values | {"customers": array_of_ids(customers)}


def overdue(
    customers: Collection[int] | None, day: date, *, rules: SuspensionRules | None = None
) -> dict[int, Overdue]:
    """What each of these customers (None: of everybody) owes overdue on a day; who owes nothing is left out.

    Never asked of a replica, which may not know yet that somebody has paid.
    """
    if rules is None:
        asked = cutover.with_signed(SuspensionRules.objects.all()).get()
        rules, signed = asked, asked.take_over_signed
    else:
        signed = cutover.signed()
    statement = overdue_sql(some=customers is not None, signed=signed)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(day=day, customers=customers, rules=rules))
        return {pk: Overdue(*found) for pk, *found in cursor.fetchall()}
