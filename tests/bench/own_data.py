"""What benches share whose pages are asked over data of their own: customers, people, and pages over both."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client

from herotill.users.grants import ADMINISTRATOR
from tests.bench.data import scratch
from tests.bench.pages import PageBench
from tests.factories.people import in_role

PEOPLE = 12
CUSTOMERS = """
INSERT INTO customers_customer (code, kind, first_names, surname, group_id, billing_group_id, status, payment_method)
SELECT %(letter)s || lpad(n::text, 7, '0'), 'individual', 'Client', 'Number ' || n,
    (SELECT min(id) FROM customers_customergroup), (SELECT min(id) FROM customers_billinggroup), 'active',
    CASE WHEN n %% 2 = 0 THEN 'eft' ELSE '' END
FROM generate_series(1, %(number)s) n;
INSERT INTO customers_customerbalance (customer_id) SELECT id FROM customers_customer;
"""


@dataclass(frozen=True)
class OwnPages:
    """Pages against the floor view, in an empty database that `fill` fills to a size and that is dropped after."""

    name: str
    fill: Callable[[int], None]
    pages: Callable[[Client], Sequence[str]]
    own_data: bool = True

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            self.fill(size)
            return PageBench(self.name, self.pages).run(size)


def people(name: str, role: str) -> list[int]:
    """An administrator, who asks the pages, and the keys of those who do the work."""
    in_role("Admin", ADMINISTRATOR)
    return [in_role(f"{name} {number}", role).pk for number in range(PEOPLE)]


def customers(letter: str, number: int) -> None:
    """So many, whose codes begin with this letter."""
    with untriggered("customers_customer"), connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, {"letter": letter, "number": number})


@contextlib.contextmanager
def untriggered(*tables: str) -> Iterator[None]:
    """One transaction in which these tables' own triggers rest; what was put off is asked at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
