"""Everything the ledger keeps, derived anew from what was posted and compared: nothing may differ.

Each check is one statement over everybody that gives what differs: of what, what it should be, what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `query` gives rows of (of what, should be, is) where it does not."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it follows from what was posted."""

    check: str
    of: str
    should: str
    found: str

    def __str__(self) -> str:
        return f"{self.check}: {self.of} should be {self.should} and is {self.found}."


_BALANCES = """
SELECT 'the balance of customer ' || coalesce(c.code, s.customer_id::text, b.customer_id::text),
       coalesce(s.amount, 0), coalesce(b.amount::text, 'missing')
FROM (SELECT customer_id, sum(amount) AS amount FROM billing_entry GROUP BY customer_id) s
FULL JOIN customers_customerbalance b ON b.customer_id = s.customer_id
LEFT JOIN customers_customer c ON c.id = coalesce(s.customer_id, b.customer_id)
WHERE coalesce(s.amount, 0) <> coalesce(b.amount, 0)
"""
_OPEN = """
WITH allocated AS (
    SELECT entry_id, sum(amount) AS amount FROM (
        SELECT debit_id AS entry_id, amount FROM billing_allocation WHERE known_until IS NULL
        UNION ALL SELECT credit_id, -amount FROM billing_allocation WHERE known_until IS NULL
    ) sides GROUP BY entry_id
)
SELECT 'what is open of entry ' || coalesce(e.id, o.entry_id) || ' (' || coalesce(e.reference, '') || ')',
       coalesce((e.amount - coalesce(a.amount, 0))::text, 'nothing'), coalesce(o.open::text, 'nothing')
FROM billing_entry e LEFT JOIN allocated a ON a.entry_id = e.id
FULL JOIN billing_openitem o ON o.entry_id = e.id
WHERE coalesce(e.amount - coalesce(a.amount, 0), 0) <> coalesce(o.open, 0)
"""
_COPIES = """
SELECT 'the open item of entry ' || e.id,
       row(e.customer_id, d.id, e.accounting_date, e.due_date, e.amount)::text,
       row(o.customer_id, o.document_id, o.accounting_date, o.due_date, o.amount)::text
FROM billing_openitem o JOIN billing_entry e ON e.id = o.entry_id
LEFT JOIN billing_document d ON d.kind = e.kind AND d.id = e.source_id
WHERE (e.customer_id, e.accounting_date, e.due_date, e.amount)
    <> (o.customer_id, o.accounting_date, o.due_date, o.amount) OR d.id IS DISTINCT FROM o.document_id
"""
_SIDES = """
SELECT 'allocation ' || a.id, 'one of a credit to a debit of customer ' || a.customer_id || ' from the later of their dates',
       row(d.customer_id, d.amount, c.customer_id, c.amount, a.starts_on)::text
FROM billing_allocation a JOIN billing_entry d ON d.id = a.debit_id JOIN billing_entry c ON c.id = a.credit_id
WHERE d.customer_id <> a.customer_id OR c.customer_id <> a.customer_id OR d.amount <= 0 OR c.amount >= 0
   OR a.starts_on < greatest(d.accounting_date, c.accounting_date)
"""
_BEYOND = """
WITH ever AS (
    SELECT debit_id AS entry_id, amount, starts_on, ends_on FROM billing_allocation
    UNION ALL SELECT credit_id, amount, starts_on, ends_on FROM billing_allocation
), undone AS (
    SELECT DISTINCT entry_id FROM ever WHERE ends_on IS NOT NULL
), turns AS (
    SELECT entry_id, starts_on AS day, sum(amount) AS amount FROM ever JOIN undone USING (entry_id) GROUP BY 1, 2
    UNION ALL SELECT entry_id, ends_on, -sum(amount) FROM ever WHERE ends_on IS NOT NULL GROUP BY 1, 2
), days AS (
    SELECT entry_id, day, sum(sum(amount)) OVER (PARTITION BY entry_id ORDER BY day) AS allocated
    FROM turns GROUP BY entry_id, day
)
SELECT 'what is allocated of entry ' || e.id || ' on ' || day, 'at most ' || abs(e.amount), allocated::text
FROM days JOIN billing_entry e ON e.id = entry_id WHERE allocated > abs(e.amount)
"""
_TOTALS = """
SELECT 'the total of document ' || d.name,
       row(coalesce(s.excl, 0.00), coalesce(s.vat, 0.00), coalesce(s.incl, 0.00))::text,
       row(d.excl, d.vat, d.incl)::text
FROM billing_document d LEFT JOIN (
    SELECT document_id, sum(excl) AS excl, sum(vat) AS vat, sum(incl) AS incl FROM billing_line GROUP BY document_id
) s ON s.document_id = d.id
WHERE d.status = 'issued' AND (d.excl, d.vat, d.incl)
    <> (coalesce(s.excl, 0), coalesce(s.vat, 0), coalesce(s.incl, 0))
"""
_DOCUMENTS = """
SELECT 'the entry of document ' || coalesce(d.name, '?') || ', posted once',
       CASE WHEN d.id IS NULL THEN 'nothing' ELSE row(d.customer_id, d.kind, d.document_date, d.due_date,
           CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -d.incl ELSE d.incl END, d.before)::text END,
       CASE WHEN e.id IS NULL THEN 'nothing'
           ELSE row(e.customer_id, e.kind, e.accounting_date, e.due_date, e.amount, e.before)::text END
FROM (SELECT * FROM billing_document WHERE status = 'issued') d
FULL JOIN (SELECT * FROM billing_entry
    WHERE kind IN ('invoice', 'credit_note', 'debit_note', 'adjustment', 'write_off')) e
    ON e.source_id = d.id AND e.kind = d.kind
WHERE d.id IS NULL OR e.id IS NULL OR (e.customer_id, e.accounting_date, e.due_date, e.amount, e.before)
    <> (d.customer_id, d.document_date, d.due_date,
        CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -d.incl ELSE d.incl END, d.before)
"""
# One whose month was closed is posted on the first day of a later month.
_RECEIPTS = """
SELECT 'the entry of receipt ' || coalesce(r.id, e.source_id) || ', posted once',
       coalesce(row(r.customer_id, r.receipt_date, -r.amount)::text, 'nothing'),
       coalesce(row(e.customer_id, e.accounting_date, e.amount)::text, 'nothing')
FROM billing_receipt r FULL JOIN (SELECT * FROM billing_entry WHERE kind = 'receipt') e ON e.source_id = r.id
WHERE r.id IS NULL OR e.id IS NULL OR (r.customer_id, -r.amount) <> (e.customer_id, e.amount)
   OR r.receipt_date <> e.accounting_date AND (r.before OR e.accounting_date < r.receipt_date
        OR extract(day FROM e.accounting_date) <> 1)
"""
_REVERSALS = """
WITH said AS (
    SELECT v.id, r.customer_id, v.reversed_on, r.amount
    FROM billing_reversal v JOIN billing_receipt r ON r.id = v.receipt_id
)
SELECT 'the entry of reversal ' || coalesce(v.id, e.source_id) || ', posted once',
       coalesce(row(v.customer_id, v.reversed_on, v.amount)::text, 'nothing'),
       coalesce(row(e.customer_id, e.accounting_date, e.amount)::text, 'nothing')
FROM said v FULL JOIN (SELECT * FROM billing_entry WHERE kind = 'reversal') e ON e.source_id = v.id
WHERE v.id IS NULL OR e.id IS NULL
   OR (v.customer_id, v.reversed_on, v.amount) <> (e.customer_id, e.accounting_date, e.amount)
"""
# An opening balance stands, or its entry is answered by one that took it back.
_OPENINGS = """
WITH posted AS (
    SELECT source_id, min(customer_id) AS customer_id, sum(amount) AS amount FROM billing_entry
    WHERE kind IN ('opening', 'opening_back') GROUP BY source_id
)
SELECT 'what opening balance ' || coalesce(o.id, p.source_id) || ' posted', coalesce(o.amount, 0), coalesce(p.amount, 0)::text
FROM customers_openingbalance o FULL JOIN posted p ON p.source_id = o.id
WHERE coalesce(o.amount, 0) <> coalesce(p.amount, 0) OR (o.customer_id <> p.customer_id)
"""
_REFUNDS = """
SELECT 'the entry of refund ' || coalesce(r.id, e.source_id) || ', posted once',
       coalesce(row(r.customer_id, r.refunded_on, r.amount)::text, 'nothing'),
       coalesce(row(e.customer_id, e.accounting_date, e.amount)::text, 'nothing')
FROM billing_refund r FULL JOIN (SELECT * FROM billing_entry WHERE kind = 'refund') e ON e.source_id = r.id
WHERE r.id IS NULL OR e.id IS NULL
   OR (r.customer_id, r.refunded_on, r.amount) <> (e.customer_id, e.accounting_date, e.amount)
"""
_LINE_CREDITS = """
WITH given AS (
    SELECT l.credits_id AS line_id, sum(l.incl) AS credited FROM billing_line l
    JOIN billing_document d ON d.id = l.document_id
    WHERE l.credits_id IS NOT NULL AND d.status = 'issued' AND d.kind = 'credit_note' GROUP BY l.credits_id
)
SELECT 'what is credited of line ' || coalesce(g.line_id, k.line_id), row(l.incl, g.credited)::text,
       coalesce(row(k.incl, k.credited)::text, 'nothing')
FROM given g FULL JOIN billing_linecredit k ON k.line_id = g.line_id
JOIN billing_line l ON l.id = coalesce(g.line_id, k.line_id)
WHERE (l.incl, g.credited) IS DISTINCT FROM (k.incl, k.credited) OR abs(k.credited) > abs(l.incl)
   OR sign(k.credited) * sign(l.incl) < 0
"""
_NUMBERS = """
SELECT 'the numbers of ' || s.prefix, s.first_number || ' to ' || s.first_number + n.given - 1 || ' without a gap',
       n.first || ' to ' || n.last || ', ' || n.given || ' of them'
FROM billing_series s JOIN (
    SELECT series_id, min(number) AS first, max(number) AS last, count(DISTINCT number) AS given, count(*) AS all_of_them
    FROM billing_document WHERE status = 'issued' AND NOT before GROUP BY series_id
) n ON n.series_id = s.id
WHERE n.first <> s.first_number OR n.last <> s.first_number + n.given - 1 OR n.given <> n.all_of_them
"""
_NAMES = """
SELECT 'the number of document ' || d.id, coalesce(s.prefix || lpad(
        d.number::text, greatest(s.width, length(d.number::text)), '0'), 'one of a series of ' || d.kind), d.name
FROM billing_document d LEFT JOIN billing_series s ON s.id = d.series_id AND s.kind = d.kind
WHERE d.status = 'issued' AND NOT d.before AND (s.id IS NULL
    OR d.name <> s.prefix || lpad(d.number::text, greatest(s.width, length(d.number::text)), '0'))
"""
# What a list by number asks: within the first and last name of all rows of a day and month.
_RANGES = """
SELECT 'where the numbers of ' || d.document_date || ' stand', d.first || ' to ' || d.last,
       coalesce(r.first || ' to ' || r.last, 'nowhere')
FROM (
    SELECT document_date, period, min(name) AS first, max(name) AS last FROM billing_document
    WHERE status = 'issued' GROUP BY document_date, period
) d LEFT JOIN LATERAL (
    SELECT min(first_name) AS first, max(last_name) AS last FROM billing_namerange
    WHERE d.document_date BETWEEN first_day AND last_day AND period IS NOT DISTINCT FROM d.period
) r ON true WHERE (r.first <= d.first AND r.last >= d.last) IS NOT TRUE
"""
_CLOSED = """
SELECT 'entry ' || e.id || ' of ' || e.accounting_date, 'posted before ' || p.closed_at || ', when its month was closed',
       'posted at ' || e.posted_at
FROM billing_entry e JOIN LATERAL (
    SELECT min(closed_at) AS closed_at FROM billing_accountingperiod
    WHERE closed_at IS NOT NULL AND month >= date_trunc('month', e.accounting_date)) p ON e.posted_at > p.closed_at
"""
_REVENUE = """
WITH summed AS (
    SELECT date_trunc('month', d.document_date)::date AS month, coalesce(l.product_id, 0) AS product,
        sum(CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END) AS excl
    FROM billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
    JOIN billing_line l ON l.document_id = d.id
    WHERE e.id <= coalesce((SELECT entry_id FROM billing_revenueupto), 0)
      AND e.kind IN ('invoice', 'debit_note', 'credit_note') GROUP BY 1, 2
)
SELECT 'the revenue summed up of ' || coalesce(s.month, m.month) || ', product ' || coalesce(s.product, m.product),
       coalesce(s.excl, 0), coalesce(m.excl, 0)::text
FROM summed s FULL JOIN billing_monthrevenue m ON m.month = s.month AND m.product = s.product
WHERE coalesce(s.excl, 0) <> coalesce(m.excl, 0)
"""
_VAT = """
WITH summed AS (
    SELECT date_trunc('month', d.document_date)::date AS month, d.kind, l.vat_class, l.vat_rate,
        count(DISTINCT d.id) AS documents,
        sum(CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -l.vat ELSE l.vat END) AS vat,
        sum(CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -l.incl ELSE l.incl END) AS incl
    FROM billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
    JOIN billing_line l ON l.document_id = d.id
    WHERE e.id <= coalesce((SELECT entry_id FROM billing_revenueupto), 0) AND NOT d.before
      AND e.kind IN ('invoice', 'debit_note', 'credit_note', 'write_off') GROUP BY 1, 2, 3, 4
)
SELECT 'the VAT summed up of ' || coalesce(s.month, m.month) || ', ' || coalesce(s.kind, m.kind),
       concat_ws('/', s.documents, s.vat, s.incl), concat_ws('/', m.documents, m.vat, m.incl)
FROM summed s FULL JOIN billing_monthvat m ON m.month = s.month AND m.kind = s.kind
    AND m.vat_class = s.vat_class AND m.vat_rate = s.vat_rate
WHERE (s.documents, s.vat, s.incl) IS DISTINCT FROM (m.documents, m.vat, m.incl)
"""
_RECEIVED = """
WITH summed AS (
    SELECT date_trunc('month', r.receipt_date)::date AS month, r.account_id AS account, count(*) AS receipts,
        sum(r.amount) AS amount, coalesce(sum(r.amount) FILTER (WHERE back.id IS NOT NULL), 0) AS reversed
    FROM billing_entry e JOIN billing_receipt r ON r.id = e.source_id
    LEFT JOIN billing_reversal v ON v.receipt_id = r.id
    LEFT JOIN billing_entry back ON back.kind = 'reversal' AND back.source_id = v.id
        AND back.id <= (SELECT entry_id FROM billing_revenueupto)
    WHERE e.kind = 'receipt' AND e.id <= coalesce((SELECT entry_id FROM billing_revenueupto), 0) GROUP BY 1, 2
)
SELECT 'the receipts summed up of ' || coalesce(s.month, m.month) || ', account ' || coalesce(s.account, m.account),
       concat_ws('/', s.receipts, s.amount, s.reversed), concat_ws('/', m.receipts, m.amount, m.reversed)
FROM summed s FULL JOIN billing_monthreceived m ON m.month = s.month AND m.account = s.account
WHERE (s.receipts, s.amount, s.reversed) IS DISTINCT FROM (m.receipts, m.amount, m.reversed)
"""
_SNAPSHOTS = """
SELECT 'the snapshot of document ' || d.name, 'kept', 'missing'
FROM billing_document d LEFT JOIN billing_snapshot s ON s.document_id = d.id AND s.version = 1
WHERE d.status = 'issued' AND NOT d.before AND s.id IS NULL
"""
# Kept by triggers instead of foreign keys (migration 0026).
_NAMED = " UNION ALL ".join(
    f"SELECT 'what line ' || l.id || ' names as {column}', 'number ' || l.{column} || ' of {table}', 'nothing'"
    f" FROM billing_line l LEFT JOIN {table} p ON p.id = l.{column} WHERE l.{column} IS NOT NULL AND p.id IS NULL"
    for column, table in (
        ("customer_id", "customers_customer"),
        ("for_customer_id", "customers_customer"),
        ("product_id", "reference_product"),
        ("document_id", "billing_document"),
        ("settles_id", "billing_document"),
        ("credits_id", "billing_line"),
    )
)
CHECKS = (
    Check("balances", _BALANCES),
    Check("open items", _OPEN),
    Check("copies in open items", _COPIES),
    Check("allocations", _SIDES),
    Check("allocations on every day", _BEYOND),
    Check("document totals", _TOTALS),
    Check("documents", _DOCUMENTS),
    Check("receipts", _RECEIPTS),
    Check("reversals", _REVERSALS),
    Check("opening balances", _OPENINGS),
    Check("refunds", _REFUNDS),
    Check("what lines name", _NAMED),
    Check("credits of lines", _LINE_CREDITS),
    Check("number series", _NUMBERS),
    Check("document numbers", _NAMES),
    Check("ranges of numbers", _RANGES),
    Check("closed periods", _CLOSED),
    Check("revenue by month", _REVENUE),
    Check("VAT by month", _VAT),
    Check("receipts by month", _RECEIVED),
    Check("snapshots", _SNAPSHOTS),
)


def differences(check: Check, *, limit: int = 1) -> list[Difference]:
    """The first of what does not hold of one check."""
    with connection.cursor() as cursor:
        # Planned for all rows: for the first one alone, of which there is none, it would compare each with each.
        cursor.execute(f"WITH found AS MATERIALIZED ({check.query}) SELECT * FROM found LIMIT %s", [limit])
        return [
            Difference(check.name, str(of), str(should), str(found))
            for of, should, found in cursor.fetchall()
        ]


def verify() -> Iterator[Difference]:
    """What differs, the first of each check; nothing where the ledger is sound."""
    for check in CHECKS:
        yield from differences(check)


def hold_still() -> None:
    """See one and the same moment in every check, whatever is posted meanwhile; first in its transaction."""
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
