"""The acceptance data, wherever it is, and what the engine makes of a file in memory."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

from customers.policies.importing.engine import outcomes, survey
from customers.policies.importing.fields import FIELDS
from customers.policies.importing.outcome import Holding, Known, Outcome
from customers.policies.importing.preset import SHIPPED
from customers.policies.importing.report import COLUMNS, report_line
from herotill.imports.columns import lay
from herotill.imports.presets import preset_for
from herotill.imports.sheets import open_sheet
from tests.acceptance import makeset

ROOT = Path(__file__).parents[3]
EMPTY = Known(
    categories=frozenset(("VIP",)),
    labels=frozenset(("Green",)),
    billing_groups=frozenset(("Netcash Run 1", "Netcash Run 15", "Netcash Run 25")),
)


def folder(made: Path) -> Path:
    """The folder with customers.csv: the one given, or a small set made in `made`."""
    given = ROOT / os.environ.get("ACCEPTANCE_DATA", "../shared/data") / "customers"
    if given.is_dir():
        return given
    print(f"{given} is not there; running on the small set.")
    makeset.make(made)
    return made / "customers"


def run(data: bytes, known: Known = EMPTY) -> list[Outcome]:
    """What the import of `data` does, mapped by the preset that fits."""
    sheet = open_sheet(data)
    preset = preset_for(sheet.headings, SHIPPED)
    assert preset, sheet.headings
    columns = lay(preset.fields, sheet.headings, FIELDS)
    return list(outcomes(sheet, columns, survey(sheet, columns), known))


def after(done: list[Outcome], known: Known = EMPTY) -> Known:
    """What the database holds once `done` is written into it."""
    customers: dict[str, Holding] = dict(known.customers)
    customers.update((outcome.code, outcome.holding) for outcome in done if outcome.holding)
    return Known(
        customers=customers,
        by_email=_by_email(customers),
        taken=frozenset(customers),
        categories=known.categories | {outcome.category for outcome in done if outcome.category},
        labels=known.labels | {outcome.label for outcome in done if outcome.label},
        billing_groups=known.billing_groups,
    )


def _by_email(customers: Mapping[str, Holding]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, held in customers.items():
        found.setdefault(held.emails[0], []).append(code)
    return found


def differences(done: list[Outcome], expected: Path) -> list[str]:
    """Where the report of `done` is not what the file `expected` says, in words."""
    with expected.open(encoding="utf-8", newline="") as file:
        wanted = [tuple(row) for row in csv.reader(file)]
    got = [COLUMNS, *map(report_line, done)]
    return [
        f"line {right[0]}, {heading}: {given!r}, not {due!r}"
        for row, right in zip(got, wanted, strict=True)
        for heading, given, due in zip(COLUMNS, row, right, strict=True)
        if given != due
    ]
