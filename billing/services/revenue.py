"""Summing up revenue by month as the ledger grows, so that a report over years reads sums."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from billing.models import RevenueUpto

# Entries get their ids before they are committed; what is older than this has surely been.
SETTLED = timedelta(hours=1)
AT_ONCE = 500_000

_UPTO = "SELECT id FROM billing_entry WHERE posted_at < %s ORDER BY id DESC LIMIT 1"
_SUM = """
INSERT INTO billing_monthrevenue (month, product, excl)
SELECT date_trunc('month', d.document_date)::date, coalesce(l.product_id, 0),
    sum(CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END)
FROM billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
JOIN billing_line l ON l.document_id = d.id
WHERE e.id > %(after)s AND e.id <= %(upto)s AND e.kind IN ('invoice', 'debit_note', 'credit_note')
GROUP BY 1, 2
ON CONFLICT (month, product) DO UPDATE SET excl = billing_monthrevenue.excl + excluded.excl
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
            cursor.execute(_SUM, {"after": kept.entry_id, "upto": upto})
        kept.entry_id = upto
        kept.save(update_fields=["entry_id"])
    return max(upto, kept.entry_id)
