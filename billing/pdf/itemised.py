"""The itemised bill on paper: every call that an invoice charges. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from billing.selectors.itemised import Section
from herotill.money import cents, rand
from herotill.pdf.letterhead import TOP, Letterhead
from herotill.pdf.paper import RIGHT, About, Paper
from herotill.pdf.tables import Column, Table, columns_of

COLUMNS = columns_of(
    [
        Column("Destination", 0),
        Column("Date and time", 100),
        Column("Number called", 100),
        Column("Length", 60, True),
        Column("Excl. VAT", 70, True),
    ]
)


def render(letterhead: Letterhead, document: str, day: date, found: Sequence[Section]) -> bytes:
    """The PDF. Each call to the cent; what a line comes to is rounded once, as on its invoice."""
    about = About(f"Calls of {document}", letterhead.name, document, day)
    paper = Paper(about)
    begin = partial(_page, paper, letterhead, document)
    table = Table(paper, COLUMNS, accent=letterhead.accent, y=begin(), turn=begin)
    for section in found:
        table.band(f"{section.number}: {section.charge.calls:,} calls")
        for one in section.items:
            cells = [
                one.destination,
                f"{one.at:%Y-%m-%d %H:%M:%S}",
                one.called,
                length(one.seconds),
                rand(cents(one.price)),
            ]
            table.row(cells)
        total = [
            f"{section.number} together",
            "",
            "",
            length(section.charge.seconds),
            rand(section.charge.price),
        ]
        table.row(total, bold=True, tint=True)
    paper.numbered(letterhead.foot)
    return paper.file()


def length(seconds: int) -> str:
    """`1:05:09`, `5:09`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _page(paper: Paper, letterhead: Letterhead, document: str) -> float:
    """Begin a page; the height below its head."""
    paper.page()
    letterhead.draw(paper)
    paper.right(RIGHT, TOP - 17, f"Calls of {document}", 17, bold=True, colour=letterhead.accent)
    return letterhead.below - 12
