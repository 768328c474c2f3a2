"""Uploaded files as rows of texts with the line on which each begins: encoding, delimiter, quoting."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, Protocol

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = ";,\t"
_HEADING_LINE = re.compile(r'(?:"[^"]*"|[^"\r\n])*')
_QUOTED = re.compile('"[^"]*"?')


class UnreadableFile(ValueError):
    """A file that cannot be read; the text is a sentence for the person who sent it."""


class Row(NamedTuple):
    """The cells of a record as they stand in the file, and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


class Sheet(Protocol):
    """A file of rows that can be gone through more than once."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The cells of the first line."""

    def rows(self) -> Iterator[Row]:
        """The rows after it, from the top."""


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """Delimited text, read anew from its bytes each time."""

    data: bytes = field(repr=False)
    encoding: str
    delimiter: str
    headings: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        rows = _rows(self.data, self.encoding, self.delimiter)
        next(rows)
        return rows


def read_csv(data: bytes) -> CsvSheet:
    """The sheet in `data`. Raises UnreadableFile where there is no heading."""
    encoding = encoding_of(data)
    delimiter = delimiter_of(_text(data[:1_000_000], encoding).read())
    first = next(_rows(data, encoding, delimiter), None)
    if first is None or not any(cell.strip() for cell in first.cells):
        raise UnreadableFile("The first line of the file must hold the headings of its columns.")
    return CsvSheet(data, encoding, delimiter, first.cells)


def encoding_of(data: bytes) -> str:
    """UTF-8 where `data` has its mark or is valid UTF-8, UTF-16 where it has that mark, else Windows-1252."""
    if data.startswith(_BOM):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The commonest of `;` `,` and tab in the heading line of `text`, outside quotes."""
    found = _HEADING_LINE.match(text)
    line = _QUOTED.sub("", found[0] if found else "")
    return max(_DELIMITERS, key=line.count)


def _text(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")


def _rows(data: bytes, encoding: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_text(data, encoding), delimiter=delimiter)
    last = line = 1
    while True:
        last, line = line, reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            _want_end(data, encoding, delimiter, last)
            return
        except csv.Error as error:
            raise _endless(line) from error
        yield Row(line, tuple(cells))


def _want_end(data: bytes, encoding: str, delimiter: str, line: int) -> None:
    """Raises UnreadableFile where the last record, which begins on `line`, has swallowed all lines after it."""
    record = islice(_text(data, encoding), line - 1, None)
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise _endless(line) from error


def _endless(line: int) -> UnreadableFile:
    return UnreadableFile(f"The record on line {line} does not end: a quotation mark is never closed.")
