"""The rows of a file of call records: read as CSV, one by one, with the line each stood on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice, tee
from operator import methodcaller
from typing import IO

from dataaccounts.policies.calls.formats import FORMATS, Mapped
from dataaccounts.policies.calls.rows import Format, Profile, Said
from herotill.errors import DomainError

Record = tuple[list[str], str]  # its fields, and the line they stood on
Row = tuple[int, str, Said]  # its number from 1, as it stood there, and what it says

_without_nul = methodcaller("replace", "\x00", "")  # PostgreSQL's texts hold none


def rows(profile: Profile, file: IO[bytes]) -> Iterator[Row]:
    """The rows of a file, as a profile reads them. Raises DomainError where it is no such file.

    Memory holds one row at a time, and up to 100,000 numbers that were read.
    """
    records = _records(profile, file)
    reader, records = _format(profile, records)
    footer = profile.footer_first_field
    number = 0
    for fields, raw in records:
        if footer and fields[0].strip() == footer:
            continue
        number += 1
        yield number, raw.rstrip("\r\n"), reader.read(fields)


def _records(profile: Profile, file: IO[bytes]) -> Iterator[Record]:
    """Records that have something on them, after those to be skipped."""
    text = _text(profile, file)
    try:
        told = (one for one in _split(text, profile.delimiter) if one[1].strip())
        yield from islice(told, profile.skip_records, None)
    except UnicodeDecodeError as no:
        raise DomainError(f"The file is not written in {profile.encoding}.") from no
    finally:
        if not file.closed:
            text.detach()


def _split(text: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Each record's fields, beside the line they stood on; a quoted field may go on over further lines."""
    lines, beside = tee(map(_without_nul, text))
    reader = csv.reader(lines, delimiter=delimiter)
    read = 0
    try:
        for fields in reader:
            raw = "".join(islice(beside, reader.line_num - read))
            read = reader.line_num
            yield fields, raw
    except csv.Error as no:
        raise DomainError(f"Near line {reader.line_num:,} the file is no CSV any more: {no}.") from no


def _text(profile: Profile, file: IO[bytes]) -> io.TextIOWrapper:
    try:
        return io.TextIOWrapper(file, profile.encoding, newline="")
    except LookupError as no:
        raise DomainError(f"{profile.encoding} is no encoding that is known here.") from no


def _format(profile: Profile, records: Iterator[Record]) -> tuple[Format, Iterator[Record]]:
    """What reads the rows, and the records that are rows."""
    kind = FORMATS[profile.kind]
    if kind.columns is not None and not profile.has_header:
        return kind(profile, kind.columns), records
    first = next(records, None)
    if first is None:
        raise DomainError("The file is empty; a heading was looked for.")
    fields, _ = first
    if kind is Mapped and not profile.has_header:
        return kind(profile, [str(place) for place in range(1, len(fields) + 1)]), chain((first,), records)
    return kind(profile, [name.strip() for name in fields]), records
