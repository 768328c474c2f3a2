"""Reading the records of an import: pages of the report, the file of those refused, a sample for the mapping."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from herotill.imports import files
from herotill.imports.asking import UNSEEN, Sight
from herotill.imports.kinds import ImportKind
from herotill.imports.reading import UnreadableFile
from herotill.imports.sheets import open_sheet
from herotill.lists.export import as_csv
from herotill.models import Import, ImportRow

PAGE = 50
CHUNK = 2000
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which records of a report: by outcome, reason, warning; `kept` those that a roll-back left."""

    outcome: str = ""
    reason: str = ""
    warning: str = ""
    kept: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> Narrowing:
        outcome = query.get("outcome", "")
        return cls(
            outcome=outcome if outcome in ImportRow.Outcome.values else "",
            reason=query.get("reason", "").replace("\0", "")[:40],
            warning=query.get("warning", "").replace("\0", "")[:40],
            kept=query.get("kept") == "1",
        )

    @property
    def query(self) -> str:
        pairs = {
            "outcome": self.outcome,
            "reason": self.reason,
            "warning": self.warning,
            "kept": "1" * self.kept,
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    def __bool__(self) -> bool:
        return bool(self.query)

    def of(self, batch: Import) -> QuerySet[ImportRow]:
        rows = ImportRow.objects.filter(of=batch)
        rows = rows.filter(outcome=self.outcome) if self.outcome else rows
        rows = rows.filter(reason=self.reason) if self.reason else rows
        rows = rows.filter(warnings__contains=[self.warning]) if self.warning else rows
        return rows.filter(way_back__contains=":") if self.kept else rows


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in the order of the file, and the lines at which its neighbours end; 0: there is none."""

    rows: Sequence[ImportRow]
    before: int
    after: int


def page(rows: QuerySet[ImportRow], *, after: int = 0, before: int = 0) -> Page:
    """Up to fifty records after a line, or before one."""
    if before:
        found = list(rows.filter(line__lt=before).order_by("-line")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return Page(shown, shown[0].line if len(found) > PAGE else 0, shown[-1].line if shown else 0)
    found = list(rows.filter(line__gt=after).order_by("line")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, shown[0].line if after and shown else 0, shown[-1].line if len(found) > PAGE else 0)


def refused(kind: ImportKind, batch: Import, sight: Sight) -> Iterator[bytes]:
    """The refused records as they came, with the reason before them, as CSV; no cell of it is a formula."""
    found = ImportRow.objects.filter(of=batch, outcome=ImportRow.Outcome.REFUSE).order_by("line")
    rows = found.values_list("reason", "cells").iterator(CHUNK)
    lines = ([f"{reason}: {kind.says(reason)}", *sight.cells(cells)] for reason, cells in rows)
    return as_csv(["Reason", *batch.headings], _chunks(lines))


_BY_CODE = """
SELECT code, count(*), sum(nullif(values[%s], '')::numeric)
FROM house_importrow WHERE of_id = %s AND outcome = 'create' GROUP BY code ORDER BY abs(sum(nullif(values[%s], '')::numeric)) DESC, code
"""


def by_code(kind: ImportKind, batch: Import) -> list[tuple[str, int, Decimal]]:
    """For each code how many records are created and what they come to, in rand, the greatest first."""
    if not kind.sum:
        return []
    place = list(kind.report).index(kind.sum.column) + 1
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [place, batch.pk, place])
        return list(cursor.fetchall())


def totals(kind: ImportKind, batch: Import) -> Iterator[bytes]:
    """The same as CSV, with the overall total at the end."""
    found = by_code(kind, batch)
    rows: list[list] = [[code, count, amount or Decimal(0)] for code, count, amount in found]
    overall = sum((amount or Decimal(0) for *_, amount in found), Decimal(0))
    rows.append(["Total", sum(count for _, count, _ in found), overall])
    return as_csv(["Code", "Records", kind.sum.label if kind.sum else ""], iter([rows]))


def _chunks(lines: Iterator[list[str]]) -> Iterator[list]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def samples(batch: Import, *, secret: Collection[str] = ()) -> list[str]:
    """Of each column the first text that stands in it, near the top; masked under `secret` headings."""
    found = [""] * len(batch.headings)
    if not batch.file:
        return found
    sheet = open_sheet(files.opened(batch))
    with suppress(UnreadableFile):  # where the file breaks off, the dry run says so
        for row in islice(sheet.rows(), SAMPLE):
            for place, cell in enumerate(row.cells[: len(found)]):
                found[place] = found[place] or cell.strip().replace("\0", "")[:80]
    masked = [heading in secret for heading in batch.headings]
    return [UNSEEN if hide and text else text for text, hide in zip(found, masked, strict=True)]
