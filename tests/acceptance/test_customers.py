"""The import of customers through the command and the database, against what is expected of each record.

ACCEPTANCE_DATA names a folder with customers/customers.csv and customers/customers.expected.csv; where there
is none, this runs on the repository's own small set, and says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from customers.models import BillingGroup, Category, Label, OpeningBalance
from herotill.models import AuditEvent, Import, Run
from tests.customers.importing import acceptance

pytestmark = pytest.mark.django_db

TABLES = (
    "customers_customer customers_contact customers_address customers_customernote customers_openingbalance"
    " customers_customerbalance customers_portallogin customers_customer_categories customers_customer_labels"
    " customers_category customers_label customers_billinggroup customers_customergroup users_user"
    " house_searchdocument"
).split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return acceptance.folder(tmp_path_factory.mktemp("acceptance"))


@pytest.fixture(autouse=True)
def _what_is_there_before(db: None) -> None:
    Category.objects.create(name="VIP")
    Label.objects.create(name="Green", colour="green")
    for day in (1, 15, 25):
        BillingGroup.objects.create(name=f"Netcash Run {day}", run_day=day)


def import_csv(*words: str | Path, **options: Any) -> str:
    said = io.StringIO()
    call_command("import_csv", *map(str, words), stdout=said, **options)
    return said.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dump(*, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table of customers, as text. `without` leaves columns out."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(
                f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t ORDER BY 1", [list(without)]
            )
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


SQL = """
SELECT c.code, c.kind AS type, c.name, p.name AS contact,
    concat_ws(' ', p.email, nullif(array_to_string(p.other_emails, ' '), '')) AS emails, p.phone, c.status,
    coalesce(m.code, '') AS master, coalesce(c.customer_since::text, '') AS opened,
    coalesce(o.amount, 0.00)::text AS balance
FROM customers_customer c JOIN customers_contact p ON p.customer_id = c.id AND p.is_primary
LEFT JOIN customers_customer m ON m.id = c.master_id
LEFT JOIN customers_openingbalance o ON o.customer_id = c.id
"""


def held_by_code() -> dict[str, dict[str, str]]:
    """What the database holds of each customer, in the words of the expected file."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["code"]: row for row in rows}


def last_expected(expected: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Of each customer what its last record leaves it with."""
    last = {row["code"]: row for row in expected if row["code"]}
    for row in last.values():
        yield {name: row[name] for name in held_columns()}


def held_columns() -> list[str]:
    return "code type name contact emails phone status master opened balance".split()


def test_the_report_and_the_database_hold_what_is_expected_until_it_is_rolled_back(
    folder: Path, tmp_path: Path
) -> None:
    before, report = dump(), tmp_path / "report.csv"

    said = import_csv("customers", folder / "customers.csv", "--report", report)

    expected = read(folder / "customers.expected.csv")
    assert report.read_text(encoding="utf-8").splitlines()[0] == ",".join(expected[0])
    assert [row for row, right in zip(read(report), expected, strict=True) if row != right] == []
    there = held_by_code()
    wanted = {row["code"]: row for row in last_expected(expected)}
    assert there == wanted
    assert "created" in said
    owed = sum(Decimal(row["balance"]) for row in wanted.values())
    assert sum(OpeningBalance.objects.values_list("amount", flat=True)) == owed

    run = Import.objects.get().run_id
    assert "removed" in import_csv("--roll-back", str(run))
    assert dump() == before
    with pytest.raises(CommandError, match="rolled back"):
        import_csv("--roll-back", str(run))


def test_a_dry_run_tells_the_same_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    before, report = dump(), tmp_path / "report.csv"

    said = import_csv("customers", folder / "customers.csv", "--dry-run", "--report", report)

    assert read(report) == read(folder / "customers.expected.csv")
    assert "nothing has been written" in said
    assert dump() == before
    assert not Import.objects.exists()
    assert not Run.objects.exists()


def test_a_second_import_changes_no_customer_and_both_are_taken_back_in_turn(
    folder: Path, tmp_path: Path
) -> None:
    empty, report = dump(), tmp_path / "second.csv"
    import_csv("customers", folder / "customers.csv")
    before = dump()

    import_csv("customers", folder / "customers.csv", "--report", report)

    assert dump() == before
    expected = read(folder / "customers.expected.csv")
    for first, second in zip(expected, read(report), strict=True):
        if first["outcome"] == "create":
            assert (second["outcome"], second["code"]) == ("update", first["code"])
    first_run, second_run = Import.objects.order_by("pk").values_list("run_id", flat=True)
    assert not AuditEvent.objects.filter(run_id=second_run, customer_id__isnull=False).exists()

    import_csv("--roll-back", str(second_run))
    import_csv("--roll-back", str(first_run))
    assert dump() == empty
