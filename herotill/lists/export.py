"""A list as a file: what it shows, to the last row, a chunk at a time so that memory stays flat.

What a spreadsheet would run as a formula goes out as text. Every export is on record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from herotill.access import may
from herotill.errors import DomainError
from herotill.lists.cells import Plain
from herotill.lists.columns import Column
from herotill.lists.sheet import Sheet
from herotill.models import Export

CHUNK = 2000
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"


def permitted(sheet: Sheet, rows: int) -> bool:
    """Whether this person may take so many rows away."""
    right = sheet.listing.export_permission
    return rows <= settings.EXPORT_ROWS_WITHOUT_RIGHT or (bool(right) and may(sheet.user, right))


def record(sheet: Sheet, *, rows: int, file_format: str, ids: Sequence[int] | None) -> Export:
    """Note who takes what, before the first row leaves. Raises DomainError where the right is missing."""
    if not permitted(sheet, rows):
        raise DomainError(
            f"These are {sheet.listing.counted(rows)}. To export more than "
            f"{settings.EXPORT_ROWS_WITHOUT_RIGHT:,} rows you need a right that you do not have; "
            "filter further, or ask your system administrator about your permissions."
        )
    return Export.objects.create(
        list_name=sheet.listing.name,
        person=sheet.user,
        query=sheet.state.narrowing.query,
        chosen=list(ids) if ids is not None else None,
        columns=[column.name for column in sheet.columns],
        file_format=file_format,
        rows=rows,
    )


def lines(sheet: Sheet, rows: QuerySet[Any]) -> Iterator[list[list[Plain]]]:
    """The values of `rows` in the sheet's order and columns, in chunks."""
    wanted, cursor, more = sheet.sortable(rows), None, True
    while more:
        places, more = sheet.order.page(wanted, size=CHUNK, cursor=cursor)
        yield _values(sheet.columns, sheet.read(places))
        cursor = places[-1] if places else None


def _values(columns: Sequence[Column], rows: Sequence[Any]) -> list[list[Plain]]:
    readers = [(column.cell.plain, column.reader(rows)) for column in columns]
    return [[plain(read(row)) for plain, read in readers] for row in rows]


def harmless(value: Plain) -> Plain:
    """`value` so that no spreadsheet takes it for a formula. Numbers and dates are what they are."""
    if isinstance(value, str) and value and (value[0] in FORMULA or value.lstrip()[:1] in FORMULA):
        return f"'{value}"
    return value


def as_csv(headings: Sequence[str], chunks: Iterable[list[list[Plain]]]) -> Iterator[bytes]:
    """CSV with commas, in UTF-8 with the mark by which spreadsheets know it."""
    yield _csv_lines([list(headings)], BOM)
    for chunk in chunks:
        yield _csv_lines(chunk)


def _csv_lines(rows: Iterable[Sequence[Plain]], start: str = "") -> bytes:
    text = io.StringIO()
    text.write(start)
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode()


def as_xlsx(headings: Sequence[str], chunks: Iterable[list[list[Plain]]], file: IO[bytes]) -> None:
    """A workbook of one sheet, written as it is read; amounts and dates are cells of their kind."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.freeze_panes = "A2"
    sheet.append(list(headings))
    for chunk in chunks:
        for row in chunk:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(file)


def _xlsx_cell(sheet: Any, value: Plain) -> Any:
    if isinstance(value, Decimal):
        return _formatted(sheet, value, '"R "#,##0.00;-"R "#,##0.00')
    if isinstance(value, date):
        return _formatted(sheet, value, "yyyy-mm-dd")
    return ILLEGAL_CHARACTERS_RE.sub("", str(harmless(value))) if isinstance(value, str) else value


def _formatted(sheet: Any, value: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    return cell
