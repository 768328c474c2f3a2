"""The steps of an import, as a person takes them: map, dry run, apply, roll back.

Each locks the import's row, so that two presses of one button are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from herotill import runs
from herotill.access import may
from herotill.errors import DomainError
from herotill.imports import asking
from herotill.imports.columns import MappingError, lay
from herotill.imports.kinds import ImportKind, kinds
from herotill.models import Import, Run

State = Import.State
DRY_RUN, APPLY, ROLL_BACK = "dry-run", "import", "roll-back"


def run_kind(kind: ImportKind, step: str) -> str:
    """The name of the kind of run that does a step."""
    return f"{kind.name}-{step}"


def locked(pk: int) -> Import:
    found = Import.objects.select_for_update(of=("self",)).select_related("dry_run", "run", "back_run")
    return found.get(pk=pk)


@transaction.atomic
def choose(*, pk: int, mapping: Mapping[str, str], day: date | None, actor: Any) -> Import:
    """Say what each column means. Raises DomainError for a mapping that does not fit or may not be."""
    batch = locked(pk)
    _only_in(batch, State.UPLOADED, State.MAPPED, State.DRY)
    kind = kinds[batch.kind]
    chosen = {heading: name for heading, name in mapping.items() if name}
    if not chosen:
        raise DomainError("Say of at least one column what it means.")
    asking.check_columns(kind, chosen, actor)
    try:
        lay(chosen, batch.headings, kind.fields)
    except MappingError as no:
        raise DomainError(str(no)) from no
    batch.mapping, batch.day = chosen, _day(kind, chosen, day)
    batch.state, batch.digest, batch.totals = State.MAPPED, "", {}
    batch.save(update_fields=["mapping", "day", "state", "digest", "totals"])
    return batch


def _day(kind: ImportKind, mapping: Mapping[str, str], day: date | None) -> date | None:
    if not kind.day_field or kind.day_field not in mapping.values():
        return None
    if day is None:
        raise DomainError(f"{kind.day_label}: give a date.", field="day")
    return day


@transaction.atomic
def dry_run(*, pk: int, actor: Any) -> Run:
    """Have it worked out what an import would do; nothing is written but the report."""
    batch = locked(pk)
    if batch.dry_run and batch.dry_run.is_open:
        return batch.dry_run
    _only_in(batch, State.MAPPED, State.DRY)
    kind = kinds[batch.kind]
    asking.check_columns(kind, batch.mapping, actor)
    batch.state, batch.digest, batch.totals = State.MAPPED, "", {}
    batch.dry_run = _started(kind, DRY_RUN, batch, actor, f"Dry run of {batch.file_name}")
    batch.save(update_fields=["state", "digest", "totals", "dry_run"])
    return batch.dry_run


@transaction.atomic
def apply(*, pk: int, actor: Any) -> Run:
    """Have done what the dry run showed."""
    batch = locked(pk)
    if batch.standing in (State.APPLYING, State.APPLIED) and batch.run:
        return batch.run
    _only_in(batch, State.DRY)
    kind = kinds[batch.kind]
    asking.check_columns(kind, batch.mapping, actor)
    asking.check_totals(kind, batch, actor)
    batch.state = State.APPLYING
    batch.run = _started(kind, APPLY, batch, actor, f"Import of {batch.file_name}")
    batch.applied_by = actor
    batch.save(update_fields=["state", "run", "applied_by"])
    return batch.run


@transaction.atomic
def roll_back(*, pk: int, actor: Any) -> Run:
    """Have an import taken back."""
    batch = locked(pk)
    if batch.standing in (State.ROLLING_BACK, State.ROLLED_BACK) and batch.back_run:
        return batch.back_run
    _only_in(batch, State.APPLIED)
    kind = kinds[batch.kind]
    if not may(actor, kind.roll_back_permission):
        raise DomainError(f"You may not roll back an import. {asking.ASK}")
    batch.state = State.ROLLING_BACK
    batch.back_run = _started(kind, ROLL_BACK, batch, actor, f"Roll-back of {batch.file_name}")
    batch.rolled_back_by = actor
    batch.save(update_fields=["state", "back_run", "rolled_back_by"])
    return batch.back_run


@transaction.atomic
def discard(*, pk: int) -> None:
    """Delete a file that was not imported, and what the dry run said of it."""
    batch = locked(pk)
    _only_in(batch, State.UPLOADED, State.MAPPED, State.DRY, State.FAILED)
    storage, name = batch.file.storage, batch.file.name
    batch.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _started(kind: ImportKind, step: str, batch: Import, actor: Any, title: str) -> Run:
    once = f"import {batch.pk}"
    params = {"import": batch.pk}
    return runs.start(kind=run_kind(kind, step), params=params, actor=actor, title=title[:200], once=once)


NO = {
    State.UPLOADED: "Say first what the columns mean.",
    State.MAPPED: "Do the dry run first.",
    State.DRY: "This has not been imported.",
    State.APPLYING: "This is being imported just now.",
    State.APPLIED: "This has been imported already.",
    State.ROLLING_BACK: "This is being rolled back just now.",
    State.ROLLED_BACK: "This has been rolled back.",
    State.FAILED: "This file cannot be read. Upload it again once it is mended.",
}


def _only_in(batch: Import, *states: Import.State) -> None:
    if batch.standing not in states:
        raise DomainError(NO[batch.standing])
    if batch.dry_run and batch.dry_run.is_open:
        raise DomainError("The dry run goes on; wait for its end.")
