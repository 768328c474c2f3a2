"""Customer groups from a file, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from customers.models import Customer, CustomerGroup
from herotill.folding import fold
from herotill.imports.kinds import KEPT, REMOVED, RESTORED, STAYS, Fate, Line, Source, WayBack
from herotill.imports.reading import Row
from herotill.models import Import, ImportRow

REPORT = ("name", "description")


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each record. Nothing is written."""
    known = dict(CustomerGroup.objects.values_list("name_key", "description"))
    for row in source.sheet.rows():
        cells = source.columns.read(row.cells).texts
        if source.columns.overrun(cells):
            yield Line(row.line, "refuse", "wrong_columns", cells=row.cells)
            continue
        texts = source.columns.by_field(cells)
        yield _decided(row, texts.get("name", "").strip(), texts.get("description", "").strip(), known)


def _decided(row: Row, name: str, description: str, known: dict[str, str]) -> Line:
    key, told = fold(name), (name, description)
    if not name and not description:
        return Line(row.line, "skip", "blank_row", cells=row.cells)
    if not name:
        return Line(row.line, "refuse", "no_name", cells=row.cells)
    if len(name) > 100 or len(description) > 300:
        return Line(row.line, "refuse", "too_long", name[:40], cells=row.cells)
    if key in known and description in ("", known[key]):
        return Line(row.line, "skip", "unchanged", name, (), told, row.cells)
    outcome = "update" if key in known else "create"
    known[key] = description
    return Line(row.line, outcome, "", name, (), told, row.cells)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    list(CustomerGroup.objects.select_for_update().order_by("pk").values_list("pk"))
    for line in decide(source):
        if line.outcome in ("create", "update"):
            _write(line)
        yield line


def _write(line: Line) -> None:
    name, description = line.values
    group = CustomerGroup.objects.filter(name_key=fold(name)).first() or CustomerGroup(name=name)
    line.before = {"description": group.description} if group.pk else {}
    line.after = {"description": description}
    group.description = description
    group.save()
    line.object_id = group.pk


def plan(batch: Import, hold: bool) -> WayBack:
    """What taking the import back would do, the last record first. With `hold` its groups stay as they are."""
    rows = list(ImportRow.objects.filter(of=batch, object_id__isnull=False).order_by("-line"))
    groups = CustomerGroup.objects.filter(pk__in={row.object_id for row in rows}).order_by("pk")
    there = {group.pk: group for group in (groups.select_for_update() if hold else groups)}
    used = set(Customer.objects.filter(group__in=there).values_list("group_id", flat=True).distinct())
    does: list[tuple[CustomerGroup, dict[str, Any] | None]] = []
    fates = [_fate(row, there, used, does) for row in rows]
    return WayBack(sorted(fates, key=lambda fate: fate.line), does)


def _fate(row: ImportRow, there: dict[int, CustomerGroup], used: set[int], does: list[Any]) -> Fate:
    group = there.get(row.object_id or 0)
    if group is None:
        return Fate(row.line, row.code, KEPT, "The group has been deleted since.")
    if row.outcome == "create":
        if group.pk in used:
            return Fate(row.line, row.code, STAYS, "Customers are in it by now.")
        does.append((group, None))
        return Fate(row.line, row.code, REMOVED)
    if group.description != (row.after or {}).get("description"):
        return Fate(row.line, row.code, KEPT, "Changed since.")
    does.append((group, row.before))
    group.description = (row.before or {}).get("description", "")
    return Fate(row.line, row.code, RESTORED)


def take_back(batch: Import, way: WayBack) -> None:
    """Do what was planned."""
    for group, before in way.plan:
        if before is None:
            group.delete()
        else:
            group.description = before["description"]
            group.save()
