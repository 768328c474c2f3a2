"""A billing group whose customers each have a mandate and owe one invoice, written by plain SQL."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from billing.models import BankAccount, CollectionBatch
from billing.services import batches
from customers.models import BillingGroup
from herotill import secrets
from tests.factories.netcash import service_with_keys
from tests.factories.people import make_person

ACTION_DATE = date(2026, 3, 25)  # a Wednesday
NOW = datetime(2026, 3, 16, 9, tzinfo=ZoneInfo("Africa/Johannesburg"))

PEOPLE = """
INSERT INTO customers_customer (code, kind, first_names, surname, group_id, billing_group_id, status, payment_method)
SELECT 'C' || lpad(n::text, 7, '0'), 'individual', 'Client', 'Number ' || n, (SELECT min(id) FROM customers_customergroup),
    (SELECT id FROM customers_billinggroup WHERE name = 'Netcash Run 25'), 'active', 'debit_order' FROM generate_series(1, %(size)s) n;
INSERT INTO customers_customerbalance (customer_id, amount) SELECT id, 554 FROM customers_customer;
INSERT INTO billing_debitdetail (customer_id, bank_id, branch_name, branch_code, holder, account_type, number_last_four,
    number, debit_day, made_at)
SELECT c.id, b.id, b.name, b.branch_code, 'Client', 'current', '5749', %(number)s, 25, '2025-01-01'
FROM customers_customer c CROSS JOIN billing_payerbank b WHERE b.name = 'FNB / RMB';
INSERT INTO billing_mandate (customer_id, detail_id, reference, kind, status, debit_day, signed_at, made_at)
SELECT customer_id, id, 'M' || customer_id, 'paper', 'active', 25, '2025-01-01', '2025-01-01' FROM billing_debitdetail;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference)
SELECT id, 'invoice', id, '2026-03-01', '2026-03-08', 454, 'INV' || id FROM customers_customer;
INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference)
SELECT id, 'debit_note', id, '2026-03-02', '2026-03-09', 100, 'DN' || id FROM customers_customer;
INSERT INTO billing_openitem (entry_id, customer_id, accounting_date, due_date, free_from, amount, open)
SELECT id, customer_id, accounting_date, due_date, accounting_date, amount, amount FROM billing_entry
"""
TABLES = (
    "customers_customer customers_customerbalance billing_debitdetail billing_mandate billing_entry billing_openitem"
).split()


def fill(size: int) -> None:
    """The group with so many people, and the service in use."""
    account = BankAccount.objects.create(name="Netcash", source="batch")
    service_with_keys(account=account)
    BillingGroup.objects.create(name="Netcash Run 25", run_day=25)
    with connection.cursor() as cursor:
        with transaction.atomic():
            triggers(cursor, "DISABLE")
            for statement in PEOPLE.split(";\n"):
                cursor.execute(statement, {"size": size, "number": secrets.encrypt("62194875749")})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            triggers(cursor, "ENABLE")
        cursor.execute("VACUUM ANALYZE")


def triggers(cursor: CursorWrapper, word: str) -> None:
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def build() -> CollectionBatch:
    """The batch of everybody."""
    return batches.build(
        group=BillingGroup.objects.get(name="Netcash Run 25"),
        action_date=ACTION_DATE,
        due_upto=ACTION_DATE,
        method="debit_order",
        channel="netcash",
        actor=None,
        now=NOW,
    )


def released(number: int = 0) -> CollectionBatch:
    """The batch of everybody, released."""
    return batches.release(batch=build(), actor=make_person(f"Releaser {number}"), now=NOW)


def copied(table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """The columns and rows of a table, to be written once more; generated ones left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            [table],
        )
        names = [row[0] for row in cursor.fetchall()]
        told = ", ".join(f'"{name}"::text' for name in names)
        cursor.execute(f"SELECT {told} FROM {table}")
        return names, cursor.fetchall()
