"""The collections day over everybody, against set-based SQL that decides and marks the same."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from billing.services import suspensions
from tests.bench.data import scratch
from tests.factories.data import make_nas, make_package

ROUNDS = 3
DAY = date(2026, 3, 17)  # a Tuesday
NOW = datetime(2026, 3, 17, 10, tzinfo=ZoneInfo("Africa/Johannesburg"))

# Everybody has an invoice that is not due yet, 12 % one from a month ago, 5 % credit. A third of those who are overdue is new, a sixth
# each waits for the first warning, the second and the suspension, a sixth for a person. One of ten debits.
PEOPLE = """
INSERT INTO customers_customer (code, kind, first_names, surname, group_id, billing_group_id, status, payment_method)
SELECT 'C' || lpad(n::text, 7, '0'), 'individual', 'Client', 'Number ' || n, (SELECT min(id) FROM customers_customergroup),
    (SELECT min(id) FROM customers_billinggroup), 'active', CASE WHEN n %% 10 = 3 THEN 'debit_order' ELSE 'eft' END
FROM generate_series(1, %(size)s) n;
INSERT INTO customers_customerbalance (customer_id) SELECT id FROM customers_customer;
INSERT INTO dataaccounts_dataaccount (customer_id, username, package_id, state, state_since, starts_on)
SELECT id, 'c' || id || '@isp.example', (SELECT min(id) FROM dataaccounts_package), 'active', '2025-01-01', '2025-01-01'
FROM customers_customer;
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, framedipaddress)
SELECT 's' || id, md5(id::text), 'c' || id || '@isp.example', '10.1.0.1', '2026-03-16', '2026-03-17', '100.64.0.1'
FROM customers_customer WHERE id %% 2 = 0;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)
SELECT id, 'invoice', id, '2026-03-10', '2026-04-01', 454 FROM customers_customer;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)
SELECT id, 'invoice', %(size)s + id, '2026-02-10', '2026-02-20', 454 FROM customers_customer WHERE id %% 25 IN (1, 8, 17);
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)
SELECT id, 'receipt', id, '2026-02-10', '2026-02-10', -100 FROM customers_customer WHERE id %% 20 = 4;
INSERT INTO billing_openitem (entry_id, customer_id, accounting_date, due_date, free_from, amount, open)
SELECT id, customer_id, accounting_date, due_date, accounting_date, amount, amount FROM billing_entry
"""
CASES = """
INSERT INTO billing_suspensioncase (customer_id, state, opened_on, counts_from, overdue, stepped_on)
SELECT customer_id, (ARRAY['approved', 'warned', 'warned_twice', 'listed'])[n %% 6 + 1], '2026-02-27', '2026-02-20', 454,
    CASE WHEN n %% 6 IN (1, 2) THEN '2026-03-01'::date END
FROM (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS n FROM billing_entry WHERE due_date = '2026-02-20') late
WHERE n %% 6 < 4;
INSERT INTO billing_casestep (case_id, kind, day, overdue) SELECT id, 'opened', opened_on, 454 FROM billing_suspensioncase
"""
AGAIN = """
DELETE FROM billing_customerdown; DELETE FROM billing_takendown; DELETE FROM billing_casestep;
DELETE FROM billing_suspensioncase; TRUNCATE outbox_message, outbox_key; DELETE FROM house_fact;
DELETE FROM dataaccounts_sessionorder;
UPDATE dataaccounts_dataaccount SET state = 'active', state_since = '2025-01-01' WHERE state <> 'active';
UPDATE customers_customer SET status = 'active' WHERE status <> 'active'
"""
# The same decisions as far as SQL says them shortly, and the same rows, with the tables' own triggers off.
FLOOR = """
CREATE TEMP TABLE due ON COMMIT DROP AS
SELECT c.id AS customer_id, o.overdue, o.since, s.id AS case_id, CASE
    WHEN s.id IS NULL AND %(day)s >= o.since + g.overdue_days THEN 'listed'
    WHEN s.state = 'approved' AND %(day)s >= o.since + g.overdue_days THEN 'warned'
    WHEN s.state = 'warned' AND %(day)s >= o.since + g.second_notice_days THEN 'warned_twice'
    WHEN s.state = 'warned_twice' AND %(day)s >= o.since + g.suspension_days THEN 'suspended' END AS state
FROM (
    SELECT customer_id, sum(open) AS overdue, min(due_date) FILTER (WHERE open > 0) AS since FROM billing_openitem
    WHERE open < 0 OR due_date < %(day)s GROUP BY customer_id HAVING sum(open) >= 50
) o JOIN customers_customer c ON c.id = o.customer_id LEFT JOIN customers_billinggroup g ON g.id = c.billing_group_id
LEFT JOIN billing_suspensioncase s ON s.customer_id = c.id AND s.state <> 'ended';
INSERT INTO billing_suspensioncase (customer_id, state, opened_on, counts_from, overdue)
SELECT customer_id, 'listed', %(day)s, since, overdue FROM due WHERE state = 'listed';
UPDATE billing_suspensioncase s SET state = due.state, stepped_on = %(day)s,
    suspended_on = CASE WHEN due.state = 'suspended' THEN %(day)s::date END FROM due WHERE due.case_id = s.id AND due.state IS NOT NULL;
INSERT INTO billing_casestep (case_id, kind, day, overdue, why, message_key)
SELECT s.id, CASE due.state WHEN 'listed' THEN 'opened' ELSE due.state END, %(day)s, due.overdue,
    'R ' || due.overdue || ' overdue; days count from ' || due.since || '.', 'suspension-' || s.id || '-' || due.state
FROM due JOIN billing_suspensioncase s ON s.customer_id = due.customer_id WHERE due.state IS NOT NULL;
INSERT INTO outbox_message (template, channel, purpose, customer_id, subject_kind, subject_id, context, key)
SELECT 'suspension_' || due.state, 'email', 'debt', due.customer_id, 'suspension-case', due.case_id,
    jsonb_build_object('customer', c.name, 'code', c.code, 'amount', due.overdue::text, 'suspended_on', '2026-03-20'),
    'suspension-' || due.case_id || '-' || due.state
FROM due JOIN customers_customer c ON c.id = due.customer_id WHERE due.case_id IS NOT NULL AND due.state IS NOT NULL;
INSERT INTO outbox_key (key, queued_at) SELECT key, queued_at FROM outbox_message;
UPDATE dataaccounts_dataaccount a SET state = 'suspended', state_since = now() FROM due
WHERE due.state = 'suspended' AND a.customer_id = due.customer_id;
INSERT INTO billing_takendown (case_id, account_id) SELECT due.case_id, a.id FROM due
JOIN dataaccounts_dataaccount a ON a.customer_id = due.customer_id WHERE due.state = 'suspended';
UPDATE customers_customer c SET status = 'suspended' FROM due WHERE due.state = 'suspended' AND c.id = due.customer_id;
INSERT INTO billing_customerdown (case_id, customer_id) SELECT case_id, customer_id FROM due WHERE state = 'suspended';
INSERT INTO house_fact (kind, key, customer_id, subject_kind, subject_id, data)
SELECT kind, kind || case_id || '-' || customer_id, customer_id, 'case', case_id, '{}' FROM due
CROSS JOIN (VALUES ('customer.suspended'), ('data-account.suspended')) k (kind) WHERE state = 'suspended';
INSERT INTO dataaccounts_sessionorder (account_id, unique_id, nas_id, kind, why, state, due_at, ordered_at)
SELECT a.id, r.acctuniqueid, n.id, 'disconnect', 'Suspended', 'owed', now(), now()
FROM due JOIN dataaccounts_dataaccount a ON a.customer_id = due.customer_id AND due.state = 'suspended'
JOIN radacct r ON r.username = a.username AND r.acctstoptime IS NULL JOIN dataaccounts_nas n ON n.address = r.nasipaddress
"""
FILLED = (
    "customers_billinggroup customers_customer customers_customerbalance dataaccounts_dataaccount radacct"
    " billing_entry billing_openitem"
).split()
MARKED = (
    "billing_suspensioncase billing_casestep outbox_message dataaccounts_dataaccount billing_takendown"
    " customers_customer billing_customerdown house_fact dataaccounts_sessionorder"
).split()


@dataclass(frozen=True)
class CollectionsBench:
    """The day by the product and by plain SQL in turn, each from the same beginning."""

    name: str = "collections.run"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            fill(size)
            products, floors, overdue = [], [], 0
            for _ in range(ROUNDS):
                floors.append(_floor())
                seconds, overdue = _product()
                products.append(seconds)
        seconds, least = median(products), median(floors)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 3),
            "per_second": round(overdue / seconds),
            "floor_seconds": round(least, 3),
            "ratio": round(seconds / least, 2),
            "overdue": overdue,
        }


def fill(size: int) -> None:
    """Customers with an account each, a session for every second, and what they owe."""
    make_package(staff=True)
    make_nas()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE billing_suspensionrules SET enabled = true")
        with transaction.atomic():
            _triggers(cursor, FILLED, "DISABLE")
            cursor.execute("INSERT INTO customers_billinggroup (name) VALUES ('Netcash Run 1')")
            _each(cursor, PEOPLE, size=size)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _triggers(cursor, FILLED, "ENABLE")


def begin() -> None:
    """Put everything back as it was before the day."""
    with connection.cursor() as cursor:
        with transaction.atomic():
            _triggers(cursor, [*MARKED, "outbox_key"], "DISABLE")
            _each(cursor, AGAIN.replace("; ", ";\n") + ";\n" + CASES)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _triggers(cursor, [*MARKED, "outbox_key"], "ENABLE")
        cursor.execute("VACUUM ANALYZE")


def _product() -> tuple[float, int]:
    """Seconds of the product's run, and how many customers are overdue."""
    begin()
    started = time.perf_counter()
    done = suspensions.run(DAY, NOW)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM billing_suspensioncase WHERE state <> 'ended'")
        cases = cursor.fetchone()[0]
    if min(done[name] for name in ("listed", "warned", "warned_twice", "suspended")) == 0:
        raise RuntimeError(f"The run did not do all that it should: {done}")
    return seconds, cases


def _floor() -> float:
    """Seconds of the same rows by one statement a table."""
    begin()
    with connection.cursor() as cursor:
        _triggers(cursor, MARKED, "DISABLE")
        started = time.perf_counter()
        with transaction.atomic():
            _each(cursor, FLOOR, day=DAY)
        seconds = time.perf_counter() - started
        _triggers(cursor, MARKED, "ENABLE")
    return seconds


def _each(cursor: CursorWrapper, statements: str, **values: Any) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values or None if "%" not in statement else values)


def _triggers(cursor: CursorWrapper, tables: list[str], word: str) -> None:
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")
