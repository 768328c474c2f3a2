"""Tax invoices, credit and debit notes, adjustments and write-off advices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby

from billing.pdf import parts, words
from billing.pdf.sheets import DocumentSheet, Kind, SheetLine
from herotill.pdf.paper import GREY, LEFT, About, Paper
from herotill.pdf.tables import Column, Table, columns_of

AMOUNTS_IN = "All amounts are in South African rand (R)."
BOTTOM = 56


def render(sheet: DocumentSheet) -> bytes:
    """The PDF. The same sheet gives the same bytes."""
    about = About(
        f"{words.title(sheet)} {sheet.name}",
        sheet.letterhead.name,
        f"{sheet.party.code} {sheet.party.name}",
        sheet.day,
    )
    return _file([sheet], about)


def render_many(sheets: Sequence[DocumentSheet]) -> bytes:
    """Documents one after the other in one PDF, each with page numbers of its own."""
    first, last = sheets[0], sheets[-1]
    title = f"Documents {first.name} to {last.name}"
    return _file(sheets, About(title, last.letterhead.name, title, max(sheet.day for sheet in sheets)))


def _file(sheets: Sequence[DocumentSheet], about: About) -> bytes:
    paper = Paper(about)
    for sheet in sheets:
        table = _table(paper, sheet, _top(paper, sheet, words.title(sheet)))
        _lines(table, sheet)
        _ending(paper, sheet, table)
        paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _top(paper: Paper, sheet: DocumentSheet, title: str) -> float:
    """Who, to whom, what and how much; returns where the lines begin."""
    y = parts.head(paper, sheet.letterhead, title, sheet.name, _marks(sheet))
    y = parts.facts(paper, _facts(sheet), y)
    label, below = _asked(sheet)
    right = parts.highlight(paper, sheet.letterhead, label, sheet.incl, below, min(y, 692) - 4)
    y = min(parts.party(paper, sheet.party, "To", sheet.letterhead.below - 10), right)
    for remark in _remarks(sheet):
        y = parts.paragraph(paper, remark, y - 4, size=8.5)
    return y - 12


def _marks(sheet: DocumentSheet) -> list[str]:
    return (["Corrected"] if sheet.correction else []) + (["Copy"] if sheet.copy else [])


def _facts(sheet: DocumentSheet) -> list[tuple[str, str]]:
    rows = [("Date", sheet.day.isoformat())]
    if sheet.kind in words.OWED:
        rows.append(("Due date", sheet.due.isoformat()))
    rows.append(("Customer code", sheet.party.code))
    if sheet.reference:
        rows.append(("Your reference", sheet.reference))
    if sheet.against:
        name, day = sheet.against
        rows.append(("For document", f"{name} of {day.isoformat()}"))
    return rows


def _asked(sheet: DocumentSheet) -> tuple[str, str]:
    """What the amount at the top is called and what stands below it."""
    if sheet.kind in words.OWED:
        return "Amount due", f"Please pay by {sheet.due.isoformat()}"
    if sheet.kind == Kind.ADJUSTMENT:
        charged = sheet.incl >= 0
        return "Adjusted by", "Charged to your account" if charged else "Credited to your account"
    return ("Credited" if sheet.kind == Kind.CREDIT_NOTE else "Written off"), "Credited to your account"


def _remarks(sheet: DocumentSheet) -> Iterator[str]:
    if sheet.reason:
        yield f"Reason: {sheet.reason}"
    if made := sheet.correction:
        yield (
            f"Corrected on {made.day.isoformat()}: {made.reason} Number, date and amounts are those of the "
            f"original, which this version takes the place of."
        )


def _table(paper: Paper, sheet: DocumentSheet, y: float) -> Table:
    marks = "".join(f"  ·  {mark}" for mark in _marks(sheet))
    again = partial(
        parts.turned,
        paper,
        sheet.letterhead,
        f"{words.title(sheet)} {sheet.name}  ·  {sheet.party.code} {sheet.party.name}{marks}",
    )
    return Table(paper, _columns(sheet), accent=sheet.letterhead.accent, y=y, turn=again)


def _columns(sheet: DocumentSheet) -> tuple[Column, ...]:
    price = "Unit price"
    if words.shows_vat(sheet) and sheet.lines and not words.mixed_terms(sheet):
        price = "Price incl." if sheet.lines[0].includes_vat else "Price excl."
    columns = [Column("Description", 0), Column("Qty", 34, True), Column(price, 60, True)]
    if _discounted(sheet):
        columns.append(Column("Disc.", 36, True))
    if words.shows_vat(sheet):
        columns += [Column("VAT %", 42, True), Column("Excl. VAT", 62, True)]
        columns += [Column("VAT", 54, True), Column("Incl. VAT", 64, True)]
    else:
        columns.append(Column("Amount", 80, True))
    return columns_of(columns)


def _discounted(sheet: DocumentSheet) -> bool:
    return any(line.discount for line in sheet.lines)


def _lines(table: Table, sheet: DocumentSheet) -> None:
    """The lines, those of a sub-account under its name and with their sum."""
    cells = partial(_cells, sheet, with_vat=words.shows_vat(sheet), with_discount=_discounted(sheet))
    for group, found in groupby(sheet.lines, key=lambda line: line.group):
        lines = list(found)
        if group:
            table.band(group)
        for line in lines:
            table.row(cells(line), below=words.below(sheet, line))
        if group:
            table.row(_subtotal(table, sheet, lines, group), bold=True)


def _cells(sheet: DocumentSheet, line: SheetLine, *, with_vat: bool, with_discount: bool) -> list[str]:
    cells = [line.text, words.figure(line.quantity, 0), words.figure(line.unit_price, 2)]
    if with_discount:
        cells.append(words.percent(line.discount) if line.discount else "")
    if not with_vat:
        return [*cells, words.amount(line.incl)]
    return [
        *cells,
        words.rate(line),
        words.amount(line.excl),
        words.amount(line.vat),
        words.amount(line.incl),
    ]


def _subtotal(table: Table, sheet: DocumentSheet, lines: list[SheetLine], group: str) -> list[str]:
    sums = [sum((getattr(line, name) for line in lines), Decimal(0)) for name in ("excl", "vat", "incl")]
    shown = [words.amount(value) for value in (sums if words.shows_vat(sheet) else sums[2:])]
    return [f"Subtotal {group}", *[""] * (len(table.columns) - 1 - len(shown)), *shown]


def _ending(paper: Paper, sheet: DocumentSheet, table: Table) -> None:
    """Sums below the lines; where to pay and what is owed at the foot of the page."""
    foot = _foot_height(sheet)
    summary = words.vat_summary(sheet.lines) if words.shows_vat(sheet) else []
    needed = foot + max(70, 44 + 13 * len(summary))
    if table.y - needed < BOTTOM:
        table.y = table.turn()
    _sums(paper, sheet, summary, table.y - 4)
    y = BOTTOM + foot
    if sheet.letterhead.bank and sheet.kind in words.OWED:
        parts.banking(paper, sheet.letterhead, sheet.party.code, y - 4)
        y -= 60
    if sheet.ageing:
        parts.ageing_strip(paper, sheet.letterhead, sheet.ageing, sheet.ageing_day or sheet.day, y - 2)
        y -= 52
    if sheet.letterhead.small_print:
        parts.paragraph(paper, sheet.letterhead.small_print, y, size=7.5)


def _foot_height(sheet: DocumentSheet) -> float:
    height = 60 if sheet.letterhead.bank and sheet.kind in words.OWED else 0
    height += 52 if sheet.ageing else 0
    return height + (24 if sheet.letterhead.small_print else 0)


def _sums(
    paper: Paper,
    sheet: DocumentSheet,
    summary: list[tuple[str, Decimal, Decimal, Decimal]],
    y: float,
) -> None:
    rows = [("Total excluding VAT", sheet.excl), ("VAT", sheet.vat)] if words.shows_vat(sheet) else []
    name = "Total due" if sheet.kind in words.OWED else "Total"
    parts.totals(paper, sheet.letterhead, [*rows, (f"{name} incl. VAT" if rows else name, sheet.incl)], y)
    left = y
    if summary:
        amounts = [[rate, *(words.amount(value) for value in values)] for rate, *values in summary]
        headings = ("VAT summary", "Excl. VAT", "VAT", "Incl. VAT")
        left = parts.small_table(paper, headings, amounts, (80, 66, 60, 66), y)
    paper.text(LEFT, left - 15, AMOUNTS_IN, 7.5, colour=GREY)
