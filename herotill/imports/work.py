"""What the runs of an import do. Each is one transaction, so that killed anywhere it leaves nothing half."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from psycopg.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from herotill import audit, runs
from herotill.bulk import array, copy_rows
from herotill.errors import DomainError
from herotill.imports import asking, files
from herotill.imports.columns import MappingError, lay
from herotill.imports.kinds import ImportKind, Line, Source, WayBack, kinds
from herotill.imports.reading import UnreadableFile
from herotill.imports.sheets import open_sheet
from herotill.imports.steps import APPLY, DRY_RUN, ROLL_BACK, run_kind
from herotill.imports.tally import Tally
from herotill.jobs import Queue
from herotill.models import Import, ImportRow, Run
from herotill.runs import Progress, RunKind

State = Import.State
CHUNK = 1000
ROW = "of line outcome reason code warnings values cells object_id before after".split()
PAST = {"create": "created", "update": "updated", "refuse": "refused", "skip": "skipped"}
COMMAND = "command"

Work = Callable[[ImportKind, Import, Run, Progress], None]


def register(kind: ImportKind) -> ImportKind:
    """Make a kind of import known, with its three kinds of run."""
    kinds.register(kind)
    for step, work, right in (
        (DRY_RUN, dry_run, kind.permission),
        (APPLY, apply, kind.permission),
        (ROLL_BACK, roll_back, kind.roll_back_permission),
    ):
        runs.kinds.register(
            RunKind(
                name=run_kind(kind, step),
                title=f"{kind.title}: {step.replace('-', ' ')}",
                permission=right,
                see_permission=kind.permission,
                queue=Queue.MONEY,
                function=_in_one(kind, work),
                result_url=lambda run: kind.url("show", run.params["import"]),
            )
        )
    return kind


def _in_one(kind: ImportKind, work: Work) -> Callable[[Run, Progress], None]:
    @wraps(work)
    def function(run: Run, progress: Progress) -> None:
        _not_a_dead_command(run)
        if link := LINKS.get(work):
            Import.objects.filter(pk=run.params["import"]).update(**{link: run})
        with _in_words(run), transaction.atomic():
            _hold(f"import {run.params['import']}" if work is dry_run else f"import {kind.name}")
            batch = Import.objects.get(pk=run.params["import"])
            work(kind, batch, run, progress)
            progress.checkpoint()

    return function


def _not_a_dead_command(run: Run) -> None:
    """Whoever ended a command wanted it to end; no worker takes it up behind their back."""
    if run.params.get(COMMAND) and run.token > 1:
        raise DomainError("The command that did this was ended. Nothing of it has been written.")


@contextmanager
def _in_words(run: Run) -> Iterator[None]:
    """What the reading or the database refuses, as a sentence; a rule of ours says its own."""
    try:
        yield
    except UnreadableFile as no:
        Import.objects.filter(pk=run.params["import"]).update(state=State.FAILED, error=str(no))
        raise DomainError(str(no)) from no
    except MappingError as no:
        raise DomainError(str(no)) from no
    except IntegrityError as trouble:
        cause = trouble.__cause__
        if isinstance(cause, CheckViolation) and cause.diag.table_name is None and cause.diag.message_primary:
            raise DomainError(f"{cause.diag.message_primary} Nothing has been written.") from trouble
        if not isinstance(cause, UniqueViolation | ForeignKeyViolation):
            raise
        raise DomainError(
            "Somebody wrote the same things at the same moment, so nothing has been written here. Try again."
        ) from trouble


def source_of(
    kind: ImportKind, data: bytes, batch: Import, actor: Any, progress: Progress | None = None
) -> Source:
    """The stored file, opened and mapped."""
    sheet = open_sheet(data)
    columns = lay(batch.mapping, sheet.headings, kind.fields)
    expect = progress.expect if progress else lambda total: None
    return Source(sheet, columns, batch.file_name, batch.day, actor, expect)


def _stored(batch: Import) -> bytes:
    if not batch.file:
        raise DomainError("The file is no longer kept. Upload it again.")
    return files.opened(batch)


def dry_run(kind: ImportKind, batch: Import, run: Run, progress: Progress) -> None:
    """Work out and keep what would be done with each record."""
    if batch.state != State.MAPPED:
        return
    source = source_of(kind, _stored(batch), batch, run.started_by, progress)
    tally = _written(kind, batch, kind.decide(source), progress)
    batch.state, batch.totals, batch.digest = State.DRY, tally.totals, tally.digest
    batch.save(update_fields=["state", "totals", "digest"])


def apply(kind: ImportKind, batch: Import, run: Run, progress: Progress) -> None:
    """Do it, unless something else would be done than the dry run showed."""
    if batch.state != State.APPLYING:
        return
    if run.started_by:
        asking.check_columns(kind, batch.mapping, run.started_by)
    source = source_of(kind, _stored(batch), batch, run.started_by, progress)
    with audit.acting(actor=run.started_by, source=f"import {run.pk} ({batch.file_name})", run=run.pk):
        tally = _written(kind, batch, kind.apply(source), progress)
    if batch.digest and batch.digest != tally.digest:
        raise DomainError(
            f"Since the dry run {kind.nouns} have changed, and this would do something else than it showed. "
            "Nothing has been written. Do the dry run again."
        )
    batch.state, batch.totals, batch.digest = State.APPLIED, tally.totals, tally.digest
    batch.made, batch.applied_at = source.made, Now()
    batch.save(update_fields=["state", "totals", "digest", "made", "applied_at"])


def roll_back(kind: ImportKind, batch: Import, run: Run, progress: Progress) -> None:
    """Take it back, as far as nothing has come to depend on it."""
    if batch.state != State.ROLLING_BACK:
        return
    way = kind.plan(batch, True)
    progress.expect(len(way.fates))
    with audit.acting(actor=run.started_by, source=f"roll-back {run.pk} ({batch.file_name})", run=run.pk):
        kind.take_back(batch, way)
    _tell(batch, way)
    progress.advance(
        len(way.fates), **{name: way.count(name) for name in ("removed", "restored", "stays", "kept")}
    )
    batch.state, batch.rolled_back_at = State.ROLLED_BACK, Now()
    batch.save(update_fields=["state", "rolled_back_at"])


LINKS: dict[Work, str] = {apply: "run", roll_back: "back_run"}


def _hold(what: str) -> None:
    """Until this transaction ends nobody else does the same: imports of a kind go one after the other.

    The import's own row stays free, so that a second press of a button is answered at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def _written(kind: ImportKind, batch: Import, lines: Iterable[Line], progress: Progress) -> Tally:
    """Keep the lines in place of those of an earlier dry run."""
    ImportRow.objects.filter(of=batch).delete()
    tally = Tally(kind)
    for chunk in _chunks(lines):
        copy_rows(ImportRow, ROW, [_row(batch, line) for line in chunk])
        for line in chunk:
            tally.add(line)
        progress.advance(len(chunk), **_counts(chunk))
    return tally


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    waiting = iter(lines)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _counts(chunk: list[Line]) -> dict[str, int]:
    outcomes = [line.outcome for line in chunk]
    return {word: outcomes.count(outcome) for outcome, word in PAST.items() if outcome in outcomes}


def _row(batch: Import, line: Line) -> tuple[Any, ...]:
    """A row of the report. A cell may hold what no database stores."""
    return (
        batch.pk,
        line.number,
        line.outcome,
        line.reason,
        line.code,
        array(line.warnings),
        array(line.values),
        array([storable(cell) for cell in line.cells]),
        line.object_id,
        _json(line.before),
        _json(line.after),
    )


def storable(text: str) -> str:
    """`text` without NUL and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON.")


TELL = """
UPDATE house_importrow r SET way_back = n.told
FROM jsonb_to_recordset(%s::jsonb) AS n(line integer, told text) WHERE r.of_id = %s AND r.line = n.line
"""


def _tell(batch: Import, way: WayBack) -> None:
    """Keep what became of each line."""
    told = [
        {"line": fate.line, "told": f"{fate.done}: {fate.why}" if fate.why else fate.done}
        for fate in way.fates
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(told), 5000):
            cursor.execute(TELL, [json.dumps(told[start : start + 5000]), batch.pk])
