"""Imports through the steps that people take, for stories about what comes after."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from customers.models import BillingGroup
from herotill.imports import mapping, steps, uploads
from herotill.imports.kinds import kinds
from herotill.models import Import, ImportRow
from herotill.users.models import User
from tests.customers.importing.files import file_of
from tests.factories import make_person

Commits = Callable[..., AbstractContextManager[Any]]

COLUMN_RIGHTS = [
    f"customers.{name}"
    for name in (
        "change_contact change_id_numbers change_address change_customer_status change_master add_customernote"
        " import_opening_balances"
    ).split()
]
DOING = [
    f"customers.{name}"
    for name in "view_customer import_customers add_customer change_customer add_category add_label".split()
]
SEEING = ["customers.see_customer_balance", "customers.see_id_numbers"]
EVERYTHING = [*DOING, *COLUMN_RIGHTS, *SEEING, "customers.roll_back_import"]


def importer(name: str = "Naledi", *, without: tuple[str, ...] = ()) -> User:
    """Somebody who may import everything, but for the rights in `without`."""
    return make_person(name, *(right for right in EVERYTHING if right.partition(".")[2] not in without))


def upload(*records: dict[str, str], name: str = "old system.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file_of(*records), "text/csv")


def dry(actor: User, commits: Commits, *records: dict[str, str], name: str = "old system.csv") -> Import:
    """An import that stands after its dry run."""
    kind = kinds["customers"]
    batch = uploads.receive(kind=kind, upload=upload(*records, name=name), actor=actor)
    chosen = mapping.fitted(batch.headings, mapping.proposed(kind, batch).fields)
    day = batch.created_at.date()
    steps.choose(pk=batch.pk, mapping=chosen, day=day, actor=actor)
    with commits(execute=True):
        steps.dry_run(pk=batch.pk, actor=actor)
    return fresh(batch)


def applied(actor: User, commits: Commits, *records: dict[str, str], name: str = "old system.csv") -> Import:
    """An import that has been done."""
    batch = dry(actor, commits, *records, name=name)
    with commits(execute=True):
        steps.apply(pk=batch.pk, actor=actor)
    batch = fresh(batch)
    assert batch.state == Import.State.APPLIED, batch.run and batch.run.error
    return batch


def rolled_back(batch: Import, actor: User, commits: Commits) -> Import:
    """The import taken back."""
    with commits(execute=True):
        steps.roll_back(pk=batch.pk, actor=actor)
    batch = fresh(batch)
    assert batch.state == Import.State.ROLLED_BACK, batch.back_run and batch.back_run.error
    return batch


def fresh(batch: Import) -> Import:
    return Import.objects.select_related("dry_run", "run", "back_run").get(pk=batch.pk)


def told(batch: Import) -> dict[str, str]:
    """What the roll-back says of each line, by code."""
    rows = ImportRow.objects.filter(of=batch).exclude(way_back="").order_by("line")
    return dict(rows.values_list("code", "way_back"))


def import_csv(*words: object) -> str:
    said = io.StringIO()
    call_command("import_csv", *map(str, words), stdout=said)
    return said.getvalue()


def debit_runs() -> None:
    for day in (1, 15, 25):
        BillingGroup.objects.create(name=f"Netcash Run {day}", run_day=day)
