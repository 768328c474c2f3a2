"""Summing up the ledger by month as it grows, so that a report over years reads sums: revenue, VAT, receipts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from billing.models import RevenueUpto

# Entries get their ids before they are committed; what is older than this has surely been.
SETTLED = timedelta(hours=1)
AT_ONCE = 500_000

_UPTO = "SELECT id FROM billing_entry WHERE posted_at < %s ORDER BY id DESC LIMIT 1"
_REVENUE = """
INSERT INTO billing_monthrevenue (month, product, excl)
SELECT date_trunc('month', d.document_date)::date, coalesce(l.product_id, 0),
    sum(CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END)
FROM billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
JOIN billing_line l ON l.document_id = d.id
WHERE e.id > %(after)s AND e.id <= %(upto)s AND e.kind IN ('invoice', 'debit_note', 'credit_note')
GROUP BY 1, 2
ON CONFLICT (month, product) DO UPDATE SET excl = billing_monthrevenue.excl + excluded.excl
"""
_VAT = """
INSERT INTO billing_monthvat AS kept (month, kind, vat_class, vat_rate, documents, excl, vat, incl)
SELECT date_trunc('month', d.document_date)::date, d.kind, l.vat_class, l.vat_rate, count(DISTINCT d.id),
    sum(d.sign * l.excl), sum(d.sign * l.vat), sum(d.sign * l.incl)
FROM billing_entry e JOIN (
    SELECT *, CASE WHEN kind IN ('credit_note', 'write_off') THEN -1 ELSE 1 END AS sign FROM billing_document
) d ON d.id = e.source_id AND d.kind = e.kind
JOIN billing_line l ON l.document_id = d.id
WHERE e.id > %(after)s AND e.id <= %(upto)s AND NOT d.before
  AND e.kind IN ('invoice', 'debit_note', 'credit_note', 'write_off')
GROUP BY 1, 2, 3, 4
ON CONFLICT (month, kind, vat_class, vat_rate) DO UPDATE SET documents = kept.documents + excluded.documents,
    excl = kept.excl + excluded.excl, vat = kept.vat + excluded.vat, incl = kept.incl + excluded.incl
"""
# A reversal stands in the month of its receipt.
_RECEIVED = """
INSERT INTO billing_monthreceived AS kept (month, account, receipts, amount, reversed)
SELECT month, account_id, sum(receipts), sum(amount), sum(reversed) FROM (
    SELECT date_trunc('month', r.receipt_date)::date AS month, r.account_id, 1 AS receipts, r.amount, 0 AS reversed
    FROM billing_entry e JOIN billing_receipt r ON r.id = e.source_id
    WHERE e.id > %(after)s AND e.id <= %(upto)s AND e.kind = 'receipt'
    UNION ALL
    SELECT date_trunc('month', r.receipt_date)::date, r.account_id, 0, 0, r.amount
    FROM billing_entry e JOIN billing_reversal v ON v.id = e.source_id JOIN billing_receipt r ON r.id = v.receipt_id
    WHERE e.id > %(after)s AND e.id <= %(upto)s AND e.kind = 'reversal'
) moved GROUP BY 1, 2
ON CONFLICT (month, account) DO UPDATE SET receipts = kept.receipts + excluded.receipts,
    amount = kept.amount + excluded.amount, reversed = kept.reversed + excluded.reversed
"""


def sum_up(now: datetime) -> str:
    """The job: add what was posted since to the sums by month, some hundred thousand entries at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_UPTO, [now - SETTLED])
        found = cursor.fetchone()
    last, done = (found[0] if found else 0), 0
    while (done := _summed(last)) < last:
        pass
    return f"Summed up to entry {done}." if last else ""


@transaction.atomic
def _summed(last: int) -> int:
    """One step; how far it is afterwards."""
    RevenueUpto.objects.get_or_create(only=True)
    kept = RevenueUpto.objects.select_for_update().get()
    upto = min(last, kept.entry_id + AT_ONCE)
    if upto > kept.entry_id:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
            for statement in (_REVENUE, _VAT, _RECEIVED):
                cursor.execute(statement, {"after": kept.entry_id, "upto": upto})
        kept.entry_id = upto
        kept.save(update_fields=["entry_id"])
    return max(upto, kept.entry_id)
