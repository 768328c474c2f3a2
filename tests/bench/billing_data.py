"""Customers with 1.8 items each for the billing bench, written by plain SQL."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from herotill.months import Month
from tests.factories.products import make_price, make_product

START = Month(2024, 1)

# 90 % active, 5 % suspended, 5 % cancelled. Of the items 2 % begin within a month of the two years, 1 % end in
# one, 5 % have a discount, 10 % a price of their own; every month 2 % of customers get something once.
CUSTOMERS = """
INSERT INTO customers_customer (code, kind, first_names, surname, group_id, billing_group_id, status)
SELECT 'C' || lpad(n::text, 7, '0'), 'individual', 'Client', 'Number ' || n,
       (SELECT min(id) FROM customers_customergroup), (SELECT min(id) FROM customers_billinggroup),
       CASE WHEN n %% 20 = 7 THEN 'suspended' WHEN n %% 20 = 11 THEN 'cancelled' ELSE 'active' END
FROM generate_series(1, %(size)s) n;
INSERT INTO customers_customerbalance (customer_id) SELECT id FROM customers_customer;
INSERT INTO customers_address (customer_id, kind, lines, suburb, town, postal_code)
SELECT id, 'physical', id || ' Long Street', 'Gardens', 'Cape Town', '8001' FROM customers_customer;
"""
ITEMS = """
INSERT INTO billing_recurringitem (customer_id, product_id, quantity, discount, starts_on, ends_on, bill_from, text, pro_rata, once)
SELECT c.id, p.id, CASE WHEN (c.id + k) %% 10 = 0 THEN 2 ELSE 1 END, CASE WHEN (c.id + k) %% 20 = 3 THEN 10 ELSE 0 END,
       CASE WHEN (c.id + k) %% 50 = 9 THEN %(start)s + ((c.id * 7 + k) %% 700)::int ELSE %(start)s - 90 END,
       CASE WHEN (c.id + k) %% 100 = 21 THEN %(start)s + ((c.id * 5 + k) %% 700)::int END, %(start)s, '', '', false
FROM customers_customer c CROSS JOIN generate_series(0, 1) k
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM reference_product) p
  ON p.place = (c.id * 3 + k * 7) %% 10
WHERE k = 0 OR c.id %% 5 <> 0;
UPDATE billing_recurringitem SET ends_on = greatest(starts_on, bill_from) + 30 WHERE ends_on < starts_on;
INSERT INTO billing_recurringitem (customer_id, product_id, quantity, discount, starts_on, text, pro_rata, once)
SELECT c.id, (SELECT min(id) FROM reference_product), 1, 0, (%(start)s + make_interval(months => m) + interval '9 days')::date,
       'Call-out', '', true
FROM customers_customer c CROSS JOIN generate_series(0, 24) m WHERE (c.id + m) %% 50 = 1;
INSERT INTO billing_itemprice (item_id, starts_on, amount)
SELECT id, starts_on, 399 + id %% 100 FROM billing_recurringitem WHERE id %% 10 = 4;
INSERT INTO billing_hold (customer_id, first, last, reason)
SELECT id, %(start)s + (id %% 700)::int, %(start)s + (id %% 700)::int + 20, 'Away' FROM customers_customer WHERE id %% 100 = 33;
"""


TABLES = (
    "customers_billinggroup customers_customer customers_customerbalance customers_address"
    " billing_recurringitem billing_itemprice billing_hold"
).split()


def _triggers(cursor: CursorWrapper, word: str) -> None:
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def fill(size: int) -> None:
    """Customers, products, items; the database's own work (search, audit) left out, since nothing here reads it."""
    for number in range(10):
        product = make_product(f"UNC{number}", None, price_includes_vat=number != 3)
        make_price(product, f"{299 + 50 * number}.00", date(2020, 1, 1))
    with connection.cursor() as cursor:
        with transaction.atomic():
            _triggers(cursor, "DISABLE")
            cursor.execute("INSERT INTO customers_billinggroup (name) VALUES ('Netcash Run 1')")
            cursor.execute("UPDATE reference_vendorstatus SET vat_number = '4123456789' WHERE is_vendor")
            for statement in (CUSTOMERS + ITEMS).split(";\n"):
                if statement.strip():
                    cursor.execute(statement, {"size": size, "start": START.first})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _triggers(cursor, "ENABLE")
        cursor.execute("VACUUM ANALYZE")
