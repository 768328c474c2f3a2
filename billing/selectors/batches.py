"""What a batch is built from: the people of a group, what is open of them, and what was collected before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection

from billing.models import CollectionBatch, CollectionRules
from billing.policies.batches import HISTORY, Candidate, Part, Past
from herotill.bulk import array_of_ids

Method = CollectionBatch.Method
PAYS_BY = {Method.DEBIT_ORDER: "debit_order", Method.CARD: "credit_card"}

_PEOPLE = """
SELECT id FROM customers_customer WHERE billing_group_id = %s AND payment_method = %s ORDER BY id
"""
_CANDIDATES = """
SELECT c.id, c.code, coalesce(now_billed.mode, ''), m.id, coalesce(m.status, ''), coalesce(m.debit_day, 0),
    coalesce(m.holiday, ''), m.maximum, d.replaced_at IS NOT NULL, coalesce(m.block_code, ''),
    k.id, coalesce(g.kind, ''), k.expires_on,
    (greatest(m.signed_at, d.made_at, k.verified_at) AT TIME ZONE %(zone)s)::date,
    coalesce(o.credit, 0), EXISTS (
        SELECT FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
        WHERE l.customer_id = c.id AND b.action_date = %(day)s AND b.id <> %(batch)s AND l.state <> 'withdrawn'
          AND l.state <> 'refused'),
    c.payment_method = %(pays_by)s,
    EXISTS (SELECT FROM billing_handover h WHERE h.customer_id = c.id AND h.back_on IS NULL)
FROM customers_customer c
LEFT JOIN LATERAL (
    SELECT s.mode FROM billing_subaccountmode s WHERE s.customer_id = c.id AND c.master_id IS NOT NULL
      AND s.starts_on <= %(day)s ORDER BY s.starts_on DESC LIMIT 1
) now_billed ON true
LEFT JOIN billing_mandate m ON m.customer_id = c.id AND m.status IN ('asked', 'active', 'blocked') AND NOT %(by_card)s
LEFT JOIN billing_debitdetail d ON d.id = m.detail_id
LEFT JOIN billing_storedcard k ON k.customer_id = c.id AND k.status = 'active' AND %(by_card)s
LEFT JOIN billing_cardgateway g ON g.id = k.gateway_id
LEFT JOIN (
    SELECT customer_id, sum(-open) AS credit FROM billing_openitem
    WHERE open < 0 AND customer_id = ANY (%(customers)s) GROUP BY customer_id
) o ON o.customer_id = c.id
WHERE c.id = ANY (%(customers)s) ORDER BY c.id
"""
# What came back with a code that keeps the mandate is not presented again (rule 18).
_PARTS = """
WITH kept AS MATERIALIZED (
    SELECT DISTINCT e.entry_id FROM billing_collectionline l
    JOIN billing_unpaidcode u ON lpad(u.code::text, 2, '0') = l.result_code AND u.effect = 'keep'
    JOIN billing_collectedentry e ON e.line_id = l.id
    WHERE l.state = 'unpaid' AND l.customer_id = ANY (%(customers)s)
), disputed AS MATERIALIZED (
    SELECT DISTINCT document_id FROM billing_dispute WHERE answered_at IS NULL
)
SELECT o.customer_id, o.entry_id, o.open, e.before,
    o.document_id IS NOT NULL AND o.document_id IN (SELECT document_id FROM disputed),
    EXISTS (SELECT FROM billing_collectedentry x JOIN billing_collectionline l ON l.id = x.line_id
        WHERE x.entry_id = o.entry_id AND x.live AND l.batch_id <> %(batch)s),
    o.entry_id IN (SELECT entry_id FROM kept)
FROM billing_openitem o JOIN billing_entry e ON e.id = o.entry_id
WHERE o.customer_id = ANY (%(customers)s) AND o.open > 0 AND o.due_date <= %(upto)s
ORDER BY o.customer_id, o.accounting_date, o.entry_id
"""
_PAST = """
SELECT customer_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE state = 'collected' OR receipt_id IS NOT NULL),
    (array_agg(amount ORDER BY turn))[1], (array_agg(day ORDER BY turn))[1],
    coalesce((array_agg(result_code ORDER BY turn) FILTER (WHERE state <> 'sent'))[1], ''),
    coalesce((array_agg(state ORDER BY turn) FILTER (WHERE state <> 'sent'))[1] = 'unpaid', false)
FROM (
    SELECT l.customer_id, l.amount, l.state, l.result_code, l.receipt_id, b.action_date AS day,
        row_number() OVER (PARTITION BY l.customer_id ORDER BY b.action_date DESC, l.id DESC) AS turn
    FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
    WHERE l.customer_id = ANY (%(customers)s) AND l.batch_id <> %(batch)s AND b.action_date < %(day)s
      AND l.state IN ('sent', 'collected', 'unpaid') AND b.action_date > %(day)s::date - 400
) turns WHERE turn <= %(history)s GROUP BY customer_id
"""
# Two that came back one after the other, of the mandate that stands now.
_TWICE = """
SELECT DISTINCT customer_id FROM (
    SELECT l.customer_id, l.state = 'unpaid' AND u.effect = 'represent' AS again,
        lag(l.state = 'unpaid' AND u.effect = 'represent') OVER w AS before,
        row_number() OVER (PARTITION BY l.customer_id ORDER BY b.action_date DESC, l.id DESC) AS turn
    FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
    JOIN billing_mandate m ON m.id = l.mandate_id AND m.status IN ('active', 'blocked')
    LEFT JOIN billing_unpaidcode u ON lpad(u.code::text, 2, '0') = l.result_code
    WHERE l.customer_id IN (SELECT customer_id FROM billing_collectionline
        WHERE state = 'unpaid' AND customer_id = ANY (%(customers)s)) AND l.state IN ('collected', 'unpaid')
    WINDOW w AS (PARTITION BY l.mandate_id ORDER BY b.action_date, l.id)
) pairs WHERE again AND before AND turn = 1
"""


def rules() -> CollectionRules:
    """How batches are made."""
    return CollectionRules.objects.get()


def people(*, group: int, method: str) -> list[int]:
    """Customers of the group who pay in this way, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [group, PAYS_BY[Method(method)]])
        return [row[0] for row in cursor.fetchall()]


def candidates(*, customers: Sequence[int], batch: CollectionBatch) -> list[Candidate]:
    """Each of these customers with mandate or card, credit, and how it is billed."""
    values = {
        "day": batch.action_date,
        "batch": batch.pk,
        "by_card": batch.method == Method.CARD,
        "zone": settings.TIME_ZONE,
        "pays_by": PAYS_BY[Method(batch.method)],
    }
    return [Candidate(*row) for row in _rows(_CANDIDATES, values | {"customers": array_of_ids(customers)})]


def parts(*, customers: Sequence[int], batch: CollectionBatch) -> dict[int, list[Part]]:
    """What is open and due by the cut-off, oldest first; what another line collects is marked."""
    values = {"customers": array_of_ids(customers), "batch": batch.pk, "upto": batch.due_upto}
    found: dict[int, list[Part]] = {}
    for customer, *row in _rows(_PARTS, values):
        found.setdefault(customer, []).append(Part(*row))
    return found


def pasts(*, customers: Sequence[int], batch: CollectionBatch) -> Mapping[int, Past]:
    """What was collected of these customers before the action date."""
    values = {"customers": array_of_ids(customers), "batch": batch.pk, "day": batch.action_date}
    twice = {row[0] for row in _rows(_TWICE, values)}
    found = {row[0]: row[1:] for row in _rows(_PAST, values | {"history": HISTORY})}
    return {pk: replace(Past(*found.get(pk, ())), twice=pk in twice) for pk in found.keys() | twice}


def _rows(statement: str, values: Mapping[str, Any]) -> Iterable[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
