"""The engine against the acceptance data: every column of every record."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from customers.policies.importing.outcome import Action
from herotill.imports.reading import read_csv
from tests.acceptance import makeset
from tests.customers.importing import acceptance


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return acceptance.folder(tmp_path_factory.mktemp("acceptance"))


def agree(data: bytes, expected: Path) -> None:
    found = acceptance.differences(acceptance.run(data), expected)
    assert not found, "\n".join(found[:20])


def scrambled(data: bytes, *, encoding: str, delimiter: str, seed: int) -> bytes:
    """The same records as the same system also writes them: other encoding, delimiter and column order."""
    sheet = read_csv(data)
    others = list(range(1, len(sheet.headings)))
    random.Random(seed).shuffle(others)
    # The code stays in front: a totals row that is too short is known by it alone.
    order = [0, *others]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    for cells in [sheet.headings, *(row.cells for row in sheet.rows())]:
        # A record that is too long or too short stands askew in any order.
        writer.writerow([cells[index] for index in order] if len(cells) == len(order) else cells)
    return text.getvalue().encode(encoding)


def test_every_column_of_every_record_is_as_expected(folder: Path) -> None:
    agree((folder / "customers.csv").read_bytes(), folder / "customers.expected.csv")


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1252", "\t"), ("utf-8", ",")])
def test_encoding_delimiter_and_order_of_columns_change_nothing(
    folder: Path, encoding: str, delimiter: str
) -> None:
    data = scrambled(
        (folder / "customers.csv").read_bytes(), encoding=encoding, delimiter=delimiter, seed=len(encoding)
    )
    agree(data, folder / "customers.expected.csv")


def test_a_second_import_turns_each_create_into_an_update_and_changes_nobody(folder: Path) -> None:
    data = (folder / "customers.csv").read_bytes()
    first = acceptance.run(data)
    there = acceptance.after(first)
    second = acceptance.run(data, there)
    created = {outcome.line: outcome.code for outcome in first if outcome.action is Action.CREATE}
    updated = {outcome.line: outcome.code for outcome in second if outcome.action is Action.UPDATE}
    assert created.items() <= updated.items()
    assert not [outcome for outcome in second if outcome.action is Action.CREATE]
    assert acceptance.after(second, there).customers == there.customers


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-8", ",")])
def test_the_small_set_covers_every_outcome_reason_and_warning(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    makeset.make(tmp_path, encoding=encoding, delimiter=delimiter)
    data = (tmp_path / "customers" / "customers.csv").read_bytes()
    agree(data, tmp_path / "customers" / "customers.expected.csv")
    done = acceptance.run(data)
    assert {outcome.action for outcome in done} == set(Action)
    assert {outcome.reason for outcome in done if outcome.reason} == REASONS
    assert {warning for outcome in done for warning in outcome.warnings} == WARNINGS


REASONS = {
    *("blank_row", "totals_row", "wrong_columns", "duplicate_row", "bad_code", "missing_name", "too_long"),
    *("duplicate_code", "missing_contact", "missing_phone", "bad_phone", "missing_email", "bad_email"),
    *("unknown_status", "bad_amount", "master_cycle", "master_refused", "master_unknown"),
}
WARNINGS = {
    *("zero_added", "postal_code_invalid", "category_created", "label_created", "unknown_run", "bad_date"),
    *("status_assumed", "formula", "code_cleaned", "excel_number", "phone_foreign", "phone_dropped"),
    *("phone_doubtful", "phone_extra", "email_dropped", "id_invalid", "reg_invalid", "vat_invalid"),
    *("matched_by_name", "code_generated", "master_kept", "balance_kept"),
}
