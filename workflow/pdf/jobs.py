"""A finished job card on paper: what was done, used and put in, and who signed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

from billing.pdf import parts
from billing.pdf.sheets import Party
from herotill.pdf.letterhead import Letterhead
from herotill.pdf.paper import INK, LEFT, About, Paper
from herotill.pdf.tables import Column, Table, columns_of

DONE = columns_of((Column("Checklist", 0), Column("Answer", 200)))
USED = columns_of((Column("Used and put in", 0), Column("Quantity or serial number", 200)))
SIGNED, HIGH = 200, 100  # points of paper
Strokes = Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class JobSheet:
    """All that the paper shows; strokes are points from 0 to 1000."""

    letterhead: Letterhead
    party: Party
    name: str
    kind: str
    day: date
    facts: tuple[tuple[str, str], ...]
    checks: tuple[tuple[str, str], ...]
    used: tuple[tuple[str, str], ...]
    report: str
    signed_by: str
    strokes: Strokes


def render(sheet: JobSheet) -> bytes:
    """The PDF of a job card."""
    subject = f"{sheet.party.code} {sheet.party.name}"
    paper = Paper(About(f"Job card {sheet.name}", sheet.letterhead.name, subject, sheet.day))
    y = parts.head(paper, sheet.letterhead, sheet.kind, sheet.name, [])
    y = parts.facts(paper, sheet.facts, y)
    y = min(parts.party(paper, sheet.party, "At", sheet.letterhead.below - 10), y) - 16
    again = partial(parts.turned, paper, sheet.letterhead, f"Job card {sheet.name}  ·  {sheet.party.code}")
    for columns, rows in ((DONE, sheet.checks), (USED, sheet.used)):
        if rows:
            table = Table(paper, columns, accent=sheet.letterhead.accent, y=y, turn=again)
            for row in rows:
                table.row(list(row))
            table.need(40)
            y = table.y - 16
    if sheet.report:
        y = parts.paragraph(paper, sheet.report, y, size=9) - 14
    if sheet.signed_by:
        if y < HIGH + 90:
            y = again()
        _signature(paper, sheet, y)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _signature(paper: Paper, sheet: JobSheet, y: float) -> None:
    paper.frame(LEFT, y - HIGH, SIGNED, HIGH)
    for stroke in sheet.strokes:
        for dot in _dots(stroke):
            paper.box(LEFT + dot[0] * SIGNED / 1000, y - dot[1] * HIGH / 1000, 1.2, 1.2, INK)
    paper.text(LEFT, y - HIGH - 12, f"Signed by {sheet.signed_by}", 8.5)


def _dots(stroke: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Points close together along a stroke."""
    found: list[tuple[float, float]] = [(float(x), float(y)) for x, y in stroke[:1]]
    for (x, y), (to_x, to_y) in pairwise(stroke):
        steps = max(1, int(max(abs(to_x - x), abs(to_y - y)) / 4))
        found += [(x + (to_x - x) * n / steps, y + (to_y - y) * n / steps) for n in range(1, steps + 1)]
    return found[:4000]
