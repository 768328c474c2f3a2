"""XLSX workbooks as rows of texts: no macros, no entities, no more than a set size unpacked (safety rule 22)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from herotill.imports.reading import Row, UnreadableFile

LARGEST_UNPACKED = 300_000_000
_MOST_PARTS = 2_000
_MOST_ROWS = 1_048_576
_MOST_CELLS = 30_000_000


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """The first worksheet of a workbook, read anew from its bytes each time."""

    data: bytes = field(repr=False)
    headings: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        width = len(self.headings)
        for line, cells in enumerate(_rows(self.data), start=1):
            if line > 1:
                yield Row(line, _fitted(cells, width))


def read_xlsx(data: bytes, *, largest_unpacked: int = LARGEST_UNPACKED) -> XlsxSheet:
    """The first sheet of the workbook in `data`. Raises UnreadableFile where it is unsafe or none."""
    _check_package(data, largest_unpacked)
    headings = _trimmed(next(_rows(data), ()))
    if not headings:
        raise UnreadableFile("The first line of the first sheet must hold the headings of its columns.")
    return XlsxSheet(data, headings)


def _check_package(data: bytes, largest_unpacked: int) -> None:
    """Refuses before anything is unpacked; a part that lies about its size is cut off by zipfile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("This is not an XLSX workbook.") from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > largest_unpacked:
        raise UnreadableFile("The workbook is too large when it is unpacked.")
    if any("vbaproject" in part.filename.lower() for part in parts):
        raise UnreadableFile("The workbook holds macros. Save it as XLSX without macros.")


def _rows(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        yield from _counted(tuple(map(_text, values)) for values in _first_sheet(book))
    except UnreadableFile:
        raise
    except Exception as error:  # whatever a damaged or hostile package makes the parsers trip over
        sentence = "The workbook is damaged, or holds entities or the like that an import does not open."
        raise UnreadableFile(sentence) from error


def _counted(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows, until there are more than anybody means: one cell far away makes all that lie before it."""
    left = _MOST_CELLS
    for line, cells in enumerate(rows, start=1):
        left -= len(cells)
        if line > _MOST_ROWS or left < 0:
            raise UnreadableFile("The worksheet has too many rows or cells.")
        yield cells


def _first_sheet(book: openpyxl.Workbook) -> Iterable[tuple[Any, ...]]:
    if not book.worksheets:
        raise UnreadableFile("The workbook has no worksheet.")
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)


def _text(value: object) -> str:
    """What a cell holds, as the same export would write it into a text file."""
    if value is None or isinstance(value, DataTableFormula):
        return ""
    if isinstance(value, ArrayFormula):
        return str(value.text)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        rounded = round(value, 9)  # What reckoning in binary leaves behind stands in no cell.
        return repr(int(rounded)) if rounded.is_integer() else repr(rounded)
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The cells with the empty ones at the end that a workbook does not store, and no empty ones beyond."""
    return (_trimmed(cells[width:]) and cells) or (cells[:width] + ("",) * (width - len(cells)))
