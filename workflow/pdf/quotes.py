"""A quote on paper: what is offered once and every month, until when, and the terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from billing.pdf import parts
from billing.pdf.sheets import Party
from herotill.money import rand
from herotill.pdf import fonts
from herotill.pdf.letterhead import Letterhead
from herotill.pdf.paper import GREY, INK, LEFT, RIGHT, About, Paper
from herotill.pdf.tables import FLOOR, Column, Table, columns_of
from herotill.vat import EXEMPT, ZERO_RATED

__all__ = ["Party", "QuoteSheet", "SheetLine", "Sums", "render"]
ONCE, MONTHLY = "Once-off", "Every month"
NO_INVOICE = "This is a quote, not a tax invoice. All amounts are in South African rand (R)."


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line: its price in the product's own terms, `with_vat` or without, and what it comes to with VAT."""

    text: str
    monthly: bool
    quantity: int
    price: Decimal
    discount: Decimal
    vat_class: str
    vat_rate: Decimal
    incl: Decimal
    with_vat: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """What lines come to together."""

    excl: Decimal
    vat: Decimal
    incl: Decimal


@dataclass(frozen=True, slots=True)
class QuoteSheet:
    """All that the paper shows."""

    letterhead: Letterhead
    name: str
    day: date
    expires_on: date
    to: Party
    remark: str
    terms: str
    lines: tuple[SheetLine, ...]
    once: Sums
    monthly: Sums
    draft: bool = False


def render(sheet: QuoteSheet) -> bytes:
    """The PDF. The same sheet gives the same bytes."""
    paper = Paper(About(f"Quote {sheet.name}", sheet.letterhead.name, sheet.to.name, sheet.day))
    table = _table(paper, sheet, _top(paper, sheet))
    for title, monthly in ((ONCE, False), (MONTHLY, True)):
        if lines := [line for line in sheet.lines if line.monthly is monthly]:
            table.band(title)
            _rows(table, lines)
    y = _totals(paper, sheet, table)
    y = _words(paper, sheet, NO_INVOICE, y - 14, size=8, colour=GREY)
    if sheet.terms:
        y = _heading(paper, sheet, "Terms", y - 10)
        _words(paper, sheet, sheet.terms, y)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _top(paper: Paper, sheet: QuoteSheet) -> float:
    """Who offers what to whom; returns where the lines begin."""
    marks = ["Draft"] if sheet.draft else []
    y = parts.head(paper, sheet.letterhead, "Quote", sheet.name, marks)
    y = parts.facts(paper, [("Date", str(sheet.day)), ("Stands until", str(sheet.expires_on))], y)
    y = min(y, 692)
    for label, sums in ((ONCE, sheet.once), (MONTHLY, sheet.monthly)):
        if sums.incl or (label == ONCE and not sheet.monthly.incl):
            y = parts.highlight(paper, sheet.letterhead, label, sums.incl, _below(sheet), y - 4)
    y = min(parts.party(paper, sheet.to, "For", sheet.letterhead.below - 10), y)
    if sheet.remark:
        y = _words(paper, sheet, sheet.remark, y - 8, size=9)
    return y - 12


def _below(sheet: QuoteSheet) -> str:
    return "VAT included" if sheet.letterhead.vendor else "no VAT is charged"


def _table(paper: Paper, sheet: QuoteSheet, y: float) -> Table:
    columns = [
        Column("Description", 0),
        Column("Quantity", 52, right=True),
        Column("Price", 84, right=True),
        Column("Discount", 52, right=True),
    ]
    if sheet.letterhead.vendor:
        columns.append(Column("VAT", 56, right=True))
    columns.append(Column("Amount", 84, right=True))
    turn = partial(parts.turned, paper, sheet.letterhead, f"Quote {sheet.name}")
    return Table(paper, columns_of(columns), accent=sheet.letterhead.accent, y=y, turn=turn)


def _rows(table: Table, lines: Sequence[SheetLine]) -> None:
    vendor = any(column.heading == "VAT" for column in table.columns)
    for line in lines:
        discount = f"{line.discount.normalize():f} %" if line.discount else ""
        cells = [line.text, str(line.quantity), rand(line.price), discount]
        cells += [_vat(line)] if vendor else []
        below = "" if line.with_vat or not vendor else "Price without VAT, amount with it."
        table.row([*cells, rand(line.incl)], below=below)


def _vat(line: SheetLine) -> str:
    if line.vat_class == EXEMPT:
        return "exempt"
    if line.vat_class == ZERO_RATED:
        return "zero-rated"
    return f"{line.vat_rate.normalize():f} %"


def _totals(paper: Paper, sheet: QuoteSheet, table: Table) -> float:
    y = table.y
    for label, sums in ((f"{ONCE} total", sheet.once), ("Total every month", sheet.monthly)):
        if not sums.incl and sheet.once.incl != sheet.monthly.incl:
            continue
        vat = [("Without VAT", sums.excl), ("VAT", sums.vat)] if sheet.letterhead.vendor else []
        if y - 14 * len(vat) - 34 < FLOOR:
            y = table.turn()
        y = parts.totals(paper, sheet.letterhead, [*vat, (label, sums.incl)], y - 4)
    return y


def _heading(paper: Paper, sheet: QuoteSheet, words: str, y: float) -> float:
    if y - 40 < FLOOR:
        y = parts.turned(paper, sheet.letterhead, f"Quote {sheet.name}")
    paper.text(LEFT, y - 10, words, 9.5, bold=True)
    return y - 14


def _words(
    paper: Paper, sheet: QuoteSheet, words: str, y: float, *, size: float = 8.5, colour: str = INK
) -> float:
    """Paragraphs over as many lines and pages as they need; returns the height below."""
    for paragraph in words.split("\n"):
        for line in fonts.wrapped(paragraph, RIGHT - LEFT, size, at_most=400):
            if y - size - 2.5 < FLOOR:
                y = parts.turned(paper, sheet.letterhead, f"Quote {sheet.name}")
            y -= size + 2.5
            paper.text(LEFT, y, line, size, colour=colour)
        y -= 3
    return y
