from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from herotill import runs
from herotill.errors import DomainError
from herotill.imports import mapping, steps, tally, uploads, whole, work
from herotill.imports.columns import MappingError, lay
from herotill.imports.kinds import ImportKind, Line, Source, kinds
from herotill.imports.presets import preset_for
from herotill.imports.reading import Sheet, UnreadableFile
from herotill.imports.whole import WholeFile, whole_files
from herotill.models import Import, ImportRow, Run
from herotill.money import rand

START = ("line", "outcome", "reason")


class Command(BaseCommand):
    """Import a file in one transaction, as the wizard does. Whoever may run commands here holds every right."""

    help = "Imports a CSV or XLSX file: import_csv customers FILE. Takes it back: import_csv --roll-back RUN."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="?", help="what the file holds")
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument(
            "--map", type=Path, metavar="MAP.json", help="fields by heading, as a JSON object"
        )
        parser.add_argument(
            "--report", type=Path, metavar="OUT.csv", help="a line for each record of the file"
        )
        parser.add_argument(
            "--as-at", type=date.fromisoformat, metavar="DATE", help="day of opening balances; today"
        )
        parser.add_argument("--roll-back", type=int, metavar="RUN", help="take a run back")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["kind"] in whole_files:
                self.whole(whole_files[options["kind"]], options)
            elif options["roll_back"] is not None:
                self.roll_back(options["roll_back"])
            elif not options["kind"] or not options["file"]:
                raise CommandError("Say what to import and from which file: import_csv customers FILE.")
            else:
                self.take_in(options)
        except (DomainError, MappingError, UnreadableFile) as no:
            raise CommandError(str(no)) from no
        except OSError as trouble:
            raise CommandError(f"{trouble.filename}: {trouble.strerror}") from trouble

    def whole(self, kind: WholeFile, options: dict[str, Any]) -> None:
        if options["roll_back"] is not None:
            self.stdout.write(kind.take_back(options["roll_back"]))
            return
        if not options["file"]:
            raise CommandError(f"Say which file: import_csv {kind.name} FILE.")
        given = _read_object(options["map"]) if options["map"] else None
        taken = kind.take_in(options["file"], given, options["dry_run"])
        if options["report"]:
            with options["report"].open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(whole.lines(taken))
        self.stdout.write(taken.said)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing has been written.")
        else:
            self.stdout.write(f"To take it back: import_csv {kind.name} --roll-back {taken.number}")

    def take_in(self, options: dict[str, Any]) -> None:
        kind = _kind(options["kind"])
        data = options["file"].read_bytes()
        sheet = uploads.opened(data)
        named = _mapping(kind, sheet, options["map"])
        lay(named, sheet.headings, kind.fields)
        chosen = {heading: name for heading, name in mapping.fitted(sheet.headings, named).items() if name}
        day = options["as_at"] or timezone.localdate()
        if options["dry_run"]:
            self.only_say(kind, sheet, chosen, day, options)
        else:
            self.apply(kind, data, chosen, day, options)

    def only_say(
        self, kind: ImportKind, sheet: Sheet, chosen: dict[str, str], day: date, options: dict[str, Any]
    ) -> None:
        columns = lay(chosen, sheet.headings, kind.fields)
        counted = tally.Tally(kind)
        lines = _counted(kind.decide(Source(sheet, columns, options["file"].name, day)), counted)
        rows = ((str(line.number), line.outcome, line.reason, *line.values) for line in lines)
        _report(options["report"], kind, rows)
        self.summary(kind, options["file"].name, counted.totals, done=False)
        self.stdout.write("Dry run: nothing has been written.")

    def apply(
        self, kind: ImportKind, data: bytes, chosen: dict[str, str], day: date, options: dict[str, Any]
    ) -> None:
        batch = uploads.keep(kind=kind, name=options["file"].name, data=data, actor=None, mapping=chosen)
        Import.objects.filter(pk=batch.pk).update(state=Import.State.APPLYING, day=day)
        run = _performed(kind, steps.APPLY, batch, f"Import of {batch.file_name}")
        batch.refresh_from_db()
        rows = (
            ImportRow.objects.filter(of=batch)
            .order_by("line")
            .values_list("line", "outcome", "reason", "values")
        )
        if options["report"]:
            told = rows.iterator(5000)
            _report(options["report"], kind, ((str(line), *said, *values) for line, *said, values in told))
        self.summary(kind, batch.file_name, batch.totals, done=True)
        self.stdout.write(f"Run {run.pk}. To take it back: import_csv --roll-back {run.pk}")

    def summary(self, kind: ImportKind, name: str, totals: dict[str, Any], *, done: bool) -> None:
        records = sum(totals["outcome"].values())
        self.stdout.write(f"{name}: {records:,} records: {tally.in_words(kind, totals, done=done)}.")
        for reason, count in sorted(totals["reason"].items(), key=lambda pair: -pair[1]):
            self.stdout.write(f"  {count:>7,} {reason}: {kind.says(reason)}")
        if kind.sum:
            self.stdout.write(f"{kind.sum.label}: {rand(tally.amount(totals))}")

    def roll_back(self, number: int) -> None:
        batch = Import.objects.filter(run_id=number).first()
        if batch is None or batch.kind not in kinds:
            raise CommandError(f"Run {number} is no import.")
        with transaction.atomic():
            held = steps.locked(batch.pk)
            if held.standing != Import.State.APPLIED:
                raise CommandError(steps.NO[held.standing])
            Import.objects.filter(pk=batch.pk).update(state=Import.State.ROLLING_BACK)
        run = _performed(kinds[batch.kind], steps.ROLL_BACK, batch, f"Roll-back of {batch.file_name}")
        said = ", ".join(f"{count:,} {name}" for name, count in run.counts.items() if count)
        self.stdout.write(f"{batch.file_name} rolled back: {said or 'there was nothing to take back'}.")
        for line, code, why in _exceptions(batch):
            self.stdout.write(f"  line {line}, {code}: {why}")


def _kind(name: str) -> ImportKind:
    if name not in kinds:
        known = ", ".join(kind.name for kind in kinds)
        raise CommandError(f"There is no import of kind {name}. There is: {known}.")
    return kinds[name]


def _mapping(kind: ImportKind, sheet: Sheet, path: Path | None) -> dict[str, str]:
    if path:
        return _read_map(path)
    preset = preset_for(sheet.headings, mapping.presets(kind))
    if preset is None:
        if named := mapping.by_label(kind, sheet.headings):
            return named
        raise CommandError(
            "These headings are not known. Say what they mean with --map MAP.json, or use the screen."
        )
    return dict(preset.fields)


def _read_object(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as no:
        raise CommandError(f"{path} is no JSON: {no}") from no
    if not isinstance(read, dict):
        raise CommandError(f"{path} must be a JSON object.")
    return read


def _read_map(path: Path) -> dict[str, str]:
    read = _read_object(path)
    if not all(isinstance(name, str) for name in read.values()):
        raise CommandError(f'{path} must be an object of fields by heading: {{"Cust No": "code"}}.')
    return read


def _performed(kind: ImportKind, step: str, batch: Import, title: str) -> Run:
    """Do a step here and now. Raises CommandError where it did not succeed."""
    run = runs.perform(
        kind=steps.run_kind(kind, step),
        params={"import": batch.pk, work.COMMAND: True},
        actor=None,
        title=title[:200],
        once=f"import {batch.pk}",
    )
    if run.state != Run.State.DONE:
        raise CommandError(run.error or "Somebody is at it already.")
    return run


def _counted(lines: Iterable[Line], counted: tally.Tally) -> Iterator[Line]:
    for line in lines:
        counted.add(line)
        yield line


def _report(path: Path | None, kind: ImportKind, rows: Iterable[Sequence[str]]) -> None:
    """Write the report, or only go through the rows where none is asked for."""
    if path is None:
        for _ in rows:
            pass
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*START, *kind.report])
        writer.writerows(rows)


def _exceptions(batch: Import) -> Iterator[tuple[int, str, str]]:
    told = ImportRow.objects.filter(of=batch, way_back__contains=":").order_by("line")
    yield from told.values_list("line", "code", "way_back")[:1000]
