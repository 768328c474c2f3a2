"""Bench data: two years of invoices and receipts of every customer, written by plain SQL past the triggers.

What it writes is what the services would have written: `verify_ledger` says so before it is kept.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from billing.models import BankAccount, Document
from billing.services import letterheads
from herotill.reference.models import Product
from tests import databases
from tests.bench import data

TABLES = (
    "billing_document",
    "billing_namerange",
    "billing_line",
    "billing_snapshot",
    "billing_receipt",
    "billing_entry",
    "billing_allocation",
    "billing_openitem",
    "customers_customerbalance",
)
# What hangs on these tables and costs most while they are filled: foreign keys, unique constraints, indexes.
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
# Five in a hundred have not paid for one to five months; the rest pay each month within 25 days.
_HISTORY = """
CREATE TEMP TABLE owed AS
SELECT nextval(pg_get_serial_sequence('billing_document', 'id')) AS id, c.id AS customer_id, c.name, c.code, m.month, m.day,
    (399 + (c.id %% 8) * 100)::numeric(14, 2) AS incl, (c.id %% 5 > 0) AS second,
    row_number() OVER (ORDER BY m.month, c.id) AS number,
    CASE WHEN c.id %% 100 < 5 AND m.back <= c.id %% 5 THEN NULL ELSE m.day + 1 + (c.id %% 25)::int END AS paid_on
FROM customers_customer c CROSS JOIN (
    SELECT n AS back, (date_trunc('month', %(today)s::date) - n * interval '1 month')::date AS month,
        (date_trunc('month', %(today)s::date) - n * interval '1 month')::date + 19 AS day
    FROM generate_series(0, %(months)s - 1) n
) m WHERE m.day <= %(today)s ORDER BY m.month, c.id;

INSERT INTO billing_document (id, kind, status, customer_id, series_id, number, name, document_date, due_date, period, run_id,
    excl, vat, incl, issued_at, created_at)
SELECT id, 'invoice', 'issued', customer_id, %(series)s, number, %(prefix)s || lpad(number::text, greatest(%(width)s,
    length(number::text)), '0'), day, day + 7, month,
    to_char(month, 'YYYYMM')::bigint, 0, 0, 0, day + interval '8 hours', day FROM owed ORDER BY number;
INSERT INTO billing_line (document_id, customer_id, position, product_id, text, quantity, unit_price, discount,
    includes_vat, vat_class, vat_rate, excl, vat, incl, source, item_id, period, part, first, last)
SELECT o.id, o.customer_id, p.n, p.product_id, 'Home Uncapped', 1, p.incl, 0, true, 'standard', 15,
    p.incl - round(p.incl * 15 / 115, 2), round(p.incl * 15 / 115, 2), p.incl, '', NULL, o.month, 0,
    o.month, (o.month + interval '1 month - 1 day')::date
FROM owed o CROSS JOIN LATERAL (
    SELECT 1 AS n, o.incl - CASE WHEN o.second THEN 99 ELSE 0 END AS incl,
        (%(products)s::bigint[])[1 + o.customer_id %% %(kinds)s] AS product_id
    UNION ALL SELECT 2, 99, (%(products)s::bigint[])[1 + (o.customer_id + 7) %% %(kinds)s] WHERE o.second
) p ORDER BY o.number, p.n;
UPDATE billing_document d SET excl = s.excl, vat = s.vat, incl = s.incl FROM (
    SELECT document_id, sum(excl) AS excl, sum(vat) AS vat, sum(incl) AS incl FROM billing_line GROUP BY document_id
) s WHERE s.document_id = d.id AND d.incl = 0;
INSERT INTO billing_namerange (first_day, last_day, period, run_id, first_name, last_name)
SELECT document_date, document_date, period, run_id, min(name), max(name) FROM billing_document GROUP BY 1, 2, 3, 4;
INSERT INTO billing_snapshot (document_id, version, letterhead_id, bill_to, code, file, sha256, printed_at, size)
SELECT id, 1, %(letterhead)s, name, code, 'bench', repeat('0', 64), now(), 9000 FROM owed ORDER BY number;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, posted_at)
SELECT customer_id, 'invoice', id, document_date, due_date, incl, name, document_date + interval '8 hours'
FROM billing_document WHERE kind = 'invoice' AND status = 'issued' AND id IN (SELECT id FROM owed) ORDER BY number;

CREATE TEMP TABLE paid AS
SELECT nextval(pg_get_serial_sequence('billing_receipt', 'id')) AS id, id AS document_id, customer_id, paid_on, incl, code
FROM owed WHERE paid_on <= %(today)s ORDER BY paid_on, customer_id;
INSERT INTO billing_receipt (id, customer_id, account_id, receipt_date, amount, method, reference, source_reference, captured_at)
SELECT id, customer_id, %(account)s, paid_on, incl, 'eft', code, 'bench-' || id, paid_on + interval '9 hours' FROM paid ORDER BY id;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, posted_at)
SELECT customer_id, 'receipt', id, paid_on, paid_on, -incl, code, paid_on + interval '9 hours' FROM paid ORDER BY id;
ANALYZE billing_entry;
INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, known_from)
SELECT p.customer_id, d.id, c.id, p.incl, 'oldest', p.paid_on, p.paid_on + interval '9 hours' FROM paid p
JOIN billing_entry d ON d.kind = 'invoice' AND d.source_id = p.document_id
JOIN billing_entry c ON c.kind = 'receipt' AND c.source_id = p.id ORDER BY p.id;
INSERT INTO billing_openitem (entry_id, customer_id, document_id, accounting_date, due_date, free_from, amount, open)
SELECT e.id, e.customer_id, o.id, e.accounting_date, e.due_date, e.accounting_date, e.amount, e.amount FROM billing_entry e
JOIN owed o ON e.kind = 'invoice' AND e.source_id = o.id WHERE o.paid_on IS NULL OR o.paid_on > %(today)s;
UPDATE customers_customerbalance b SET amount = b.amount + s.amount FROM (
    SELECT customer_id, sum(incl) AS amount FROM owed WHERE paid_on IS NULL OR paid_on > %(today)s GROUP BY customer_id
) s WHERE s.customer_id = b.customer_id;
DROP TABLE owed; DROP TABLE paid;
"""


@contextlib.contextmanager
def ledger(*, customers: int) -> Iterator[None]:
    """Points Django at a copy of the bench database in which everybody has two years of invoices and receipts."""
    original = databases.current()
    name = f"{original}_ledger"
    with databases.server() as server:
        if not databases.exists(server, name):
            started = time.perf_counter()
            databases.drop(server, f"{name}_new")
            data.use("postgres")
            databases.copy(server, original, f"{name}_new")
            data.use(f"{name}_new")
            if not Document.objects.exists():
                write()
            call_command("verify_ledger", stdout=sys.stderr)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            data.use(original)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (f"{name}_new", name)))
            )
            print(f"made {name} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    data.use(name)
    try:
        yield
    finally:
        data.use(original)


def write() -> None:
    """Two years for every customer there is, up to today."""
    with _bare(), connection.cursor() as cursor:
        values = _values()
        cursor.execute("SET work_mem = '256MB'")
        for statement in _HISTORY.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


def _values() -> dict[str, object]:
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, prefix, width, current_date FROM billing_series WHERE kind = 'invoice'")
        series, prefix, width, today = cursor.fetchone()
    return {
        "today": today,
        "months": data.MONTHS,
        "series": series,
        "prefix": prefix,
        "width": width,
        "products": products,
        "kinds": len(products),
        "letterhead": letterheads.current().pk,
        "account": BankAccount.objects.get_or_create(name="Bench")[0].pk,
    }


@contextlib.contextmanager
def _bare() -> Iterator[None]:
    """Takes what guards the tables away, and puts it back afterwards, where it checks everything at once."""
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [list(TABLES)])
        constraints = cursor.fetchall()
        for table, name, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, [list(TABLES)])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
