"""A month of everybody, from charges to issued and posted, against plain SQL that writes the same rows."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection, transaction

from billing.models import MonthEnd
from billing.services import month_end, month_end_runs, previewing
from herotill.clock import stamp
from herotill.models import Run
from herotill.months import Month
from tests.bench import billing_data
from tests.bench.data import scratch

ROUNDS, MONTHS = 2, 24

# The charges of a month by the same rules as far as SQL says them shortly: by days, discount, own or listed price,
# once-off, VAT at 15 %. Then drafts, numbers, ledger, open items, balances, snapshots, outbox.
FLOOR = """
INSERT INTO billing_line (customer_id, product_id, text, quantity, unit_price, discount, includes_vat, vat_class,
    vat_rate, excl, vat, incl, source, item_id, period, part, first, last)
SELECT customer_id, product_id, text || ', ' || to_char(%(first)s::date, 'Mon YYYY'), quantity, price, discount,
    price_includes_vat, vat_class, 15, g - v, v, g, 'item', id, %(first)s, 0, a, b
FROM (SELECT *, round(g * 15 / 115, 2) AS v FROM (
    SELECT i.*, p.price_includes_vat, p.vat_class, p.name AS text2, x.amount AS price, s.a, s.b,
        round(x.amount * i.quantity * (100 - i.discount) / 100
            * CASE WHEN i.once THEN 1 ELSE (s.b - s.a + 1) / (%(last)s::date - %(first)s::date + 1)::numeric END, 2) AS g
    FROM billing_recurringitem i JOIN reference_product p ON p.id = i.product_id
    JOIN customers_customer c ON c.id = i.customer_id AND c.status <> 'cancelled'
    CROSS JOIN LATERAL (SELECT greatest(i.starts_on, %(first)s) AS a,
        CASE WHEN i.once THEN i.starts_on ELSE least(coalesce(i.ends_on, %(last)s), %(last)s) END AS b) s
    CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT amount FROM billing_itemprice o WHERE o.item_id = i.id AND o.starts_on <= s.a
         ORDER BY o.starts_on DESC LIMIT 1),
        (SELECT amount FROM reference_price r WHERE r.product_id = i.product_id AND r.price_list_id IS NULL
         AND r.starts_on <= s.a ORDER BY r.starts_on DESC LIMIT 1)) AS amount) x
    WHERE s.a <= s.b AND (NOT i.once OR i.starts_on >= %(first)s)
        AND NOT EXISTS (SELECT FROM billing_line l WHERE l.source = 'item' AND l.item_id = i.id AND l.period = %(first)s)
) gross) split;
ANALYZE billing_line;
WITH made AS (
    INSERT INTO billing_document (kind, customer_id, document_date, due_date, period, excl, vat, incl, run_id)
    SELECT 'invoice', l.customer_id, %(last)s, %(last)s::date + 7, %(first)s, sum(l.excl), sum(l.vat), sum(l.incl), 0
    FROM billing_line l WHERE l.document_id IS NULL GROUP BY l.customer_id ORDER BY l.customer_id
    RETURNING id, customer_id
)
UPDATE billing_line l SET document_id = made.id FROM made
WHERE l.customer_id = made.customer_id AND l.document_id IS NULL;
ANALYZE billing_line, billing_document;
UPDATE billing_document d SET status = 'issued', series_id = n.series_id, number = n.number, name = n.name, issued_at = now()
FROM (SELECT o.id, s.id AS series_id, o.number + m.most AS number, s.prefix || lpad((o.number + m.most)::text, 9, '0') AS name
    FROM (SELECT id, row_number() OVER (ORDER BY customer_id, id) AS number FROM billing_document WHERE status = 'draft') o
    CROSS JOIN billing_series s
    CROSS JOIN LATERAL (SELECT coalesce(max(number), 0) AS most FROM billing_document WHERE series_id = s.id) m
    WHERE s.kind = 'invoice') n WHERE n.id = d.id;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference)
SELECT customer_id, kind, id, document_date, due_date, incl, name FROM billing_document
WHERE period = %(first)s ORDER BY number;
INSERT INTO billing_openitem (entry_id, customer_id, accounting_date, due_date, free_from, amount, open)
SELECT id, customer_id, accounting_date, due_date, accounting_date, amount, amount FROM billing_entry
WHERE accounting_date = %(last)s;
UPDATE customers_customerbalance b SET amount = b.amount + e.amount FROM (
    SELECT customer_id, sum(amount) AS amount FROM billing_entry WHERE accounting_date = %(last)s GROUP BY customer_id
) e WHERE e.customer_id = b.customer_id;
INSERT INTO billing_snapshot (document_id, letterhead_id, bill_to, code, address, ageing)
SELECT d.id, (SELECT min(id) FROM billing_letterhead), c.name, c.code, concat_ws(E'\\n', a.lines, a.suburb, a.town),
    ARRAY[0, 0, 0, 0, d.incl]
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
LEFT JOIN customers_address a ON a.customer_id = c.id WHERE d.period = %(first)s;
INSERT INTO outbox_message (template, channel, purpose, customer_id, subject_kind, subject_id, context, attachments, key)
SELECT 'invoice', 'email', 'invoices', d.customer_id, 'document', d.id, jsonb_build_object('name', c.name, 'number', d.name),
    '{document}', 'floor ' || d.id
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id WHERE d.period = %(first)s
"""
TABLES = (
    "billing_line billing_document billing_entry billing_openitem billing_snapshot customers_customerbalance"
    " outbox_message"
).split()


@dataclass(frozen=True)
class RunBench:
    """Months by the product and months by plain SQL in turn, each on top of the others."""

    name: str = "billing.run"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            billing_data.fill(size)
            month, products, floors, invoices = billing_data.START, [], [], 0
            before = _memory()
            for _ in range(ROUNDS):
                seconds, invoices = billed(month)
                products.append(seconds)
                floors.append(floor(month.next))
                month = month.plus(2)
            grown = _memory() - before
        seconds, least = median(products), median(floors)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 3),
            "per_second": round(invoices / seconds),
            "floor_seconds": round(least, 3),
            "ratio": round(seconds / least, 2),
            "invoices": invoices,
            "memory_mb": round(grown),
        }


@dataclass(frozen=True)
class MonthsBench:
    """The 24th month of everybody against the first: what was billed before must not slow down what follows."""

    name: str = "billing.run.months"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            billing_data.fill(size)
            months = [billing_data.START.plus(number) for number in range(MONTHS)]
            seconds = [billed(month)[0] for month in months]
        first, last = median(seconds[:3]), median(seconds[-3:])
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(last, 3),
            "per_second": round(size / last),
            "floor_seconds": round(first, 3),
            "ratio": round(last / first, 2),
        }


def prepared(month: Month) -> MonthEnd:
    """A month-end that may run; the preview is not what is measured."""
    made = month_end.set_dates(month=month, group=None, document_date=month.last, actor=None)
    month_end.confirm(month_end=made, actor=None, now=stamp())
    MonthEnd.objects.filter(pk=made.pk).update(
        fingerprint=previewing.seen.fingerprint(made), previewed_at=stamp(), signed_at=stamp()
    )
    made.refresh_from_db()
    return made


def billed(month: Month) -> tuple[float, int]:
    """Seconds of a month by the product's own runs, and how many invoices."""
    made = prepared(month)
    started = time.perf_counter()
    for kind in (month_end_runs.CHARGES, month_end_runs.DRAFTS, month_end_runs.ISSUE):
        run = month_end_runs.perform(kind=kind, of=made, actor=None)
        if run.state != Run.State.DONE:
            raise RuntimeError(f"{run.title}: {run.error}")
    seconds = time.perf_counter() - started
    return seconds, run.counts["issued"]


def floor(month: Month) -> float:
    """Seconds of the same rows by one statement a table, with the tables' own triggers off."""
    _triggers("DISABLE")
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FLOOR.split(";\n"):
            cursor.execute(statement, {"first": month.first, "last": month.last})
    seconds = time.perf_counter() - started
    _triggers("ENABLE")
    return seconds


def _triggers(word: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def _memory() -> float:
    """The most this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
