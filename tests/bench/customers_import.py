"""The import of a file of customers by the command, against COPY of the very rows that it wrote."""

from __future__ import annotations

import io
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from customers.models import BillingGroup
from herotill import audit
from tests.acceptance import bulk
from tests.bench.data import scratch

# What an import writes, in an order in which it can be written.
TABLES = (
    "customers_category customers_label customers_customer customers_contact customers_address customers_customernote"
    " customers_openingbalance customers_customer_categories customers_customer_labels users_user"
    " customers_portallogin house_run house_import house_importrow"
).split()
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@dataclass(frozen=True)
class ImportBench:
    """Imports and floors in turn, each from and to an empty database."""

    name: str = "customers.import"

    def run(self, size: int) -> dict[str, Any]:
        rounds = 3 if size <= 20_000 else 1
        with scratch(), tempfile.TemporaryDirectory() as folder:
            for day in (1, 15, 25):
                BillingGroup.objects.create(name=f"Netcash Run {day}", run_day=day)
            file = Path(folder) / "customers.csv"
            file.write_bytes(bulk.export(size))
            imports, floors = [], []
            for _ in range(rounds):
                imports.append(_imported(file))
                _take_out(Path(folder))
                floors.append(_copied(Path(folder)))
                _empty()
        seconds, floor = median(imports), median(floors)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 3),
            "per_second": round(size / seconds),
            "floor_seconds": round(floor, 3),
            "ratio": round(seconds / floor, 2),
        }


def _imported(file: Path) -> float:
    started = time.perf_counter()
    call_command("import_csv", "customers", str(file), stdout=io.StringIO())
    return time.perf_counter() - started


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        return str(cursor.fetchone()[0])


def _take_out(folder: Path) -> None:
    """The rows as files; the tables are empty afterwards."""
    for table in TABLES:
        statement = f"COPY {table} ({_columns(table)}) TO STDOUT"
        with (
            (folder / table).open("wb") as file,
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            file.writelines(copy)
    _empty()


def _copied(folder: Path) -> float:
    """The same rows into the same tables with the same triggers, in one transaction."""
    started = time.perf_counter()
    with transaction.atomic(), audit.acting(source="bench"):
        audit.attach()
        for table in TABLES:
            statement = f"COPY {table} ({_columns(table)}) FROM STDIN"
            with (
                (folder / table).open("rb") as file,
                connection.cursor() as cursor,
                cursor.copy(statement) as copy,
            ):
                while chunk := file.read(1_000_000):
                    copy.write(chunk)
    return time.perf_counter() - started


# The ledger and others refuse to be emptied (32: a trigger before TRUNCATE); a bench's own database is.
LET_GO = """
SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger
WHERE tgtype & 32 > 0 AND NOT tgisinternal
"""
# What is about customers or entries of the ledger, though it names them by no foreign key.
ABOUT = """
SELECT DISTINCT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attname IN ('customer_id', 'entry_id') AND relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
"""


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LET_GO)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute(ABOUT)
        tables = {*TABLES, *(table for (table,) in cursor.fetchall())}
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
