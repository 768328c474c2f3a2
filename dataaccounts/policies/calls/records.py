"""The rows of a file of call records: read as CSV, one by one, with the line each stood on."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from dataaccounts.policies.calls.formats import FORMATS
from dataaccounts.policies.calls.rows import Format, Profile, Said
from herotill.errors import DomainError

Row = tuple[int, str, Said]  # its number from 1, as it stood there, and what it says


def rows(profile: Profile, file: IO[bytes]) -> Iterator[Row]:
    """The rows of a file, as a profile reads them. Raises DomainError where it is no such file.

    Memory holds one row at a time, and the distinct numbers.
    """
    records = _records(profile, file)
    reader = _format(profile, records)
    footer = profile.footer_first_field
    number = 0
    for fields, raw in records:
        if footer and fields[0].strip() == footer:
            continue
        number += 1
        yield number, raw, reader.read(fields)


def _records(profile: Profile, file: IO[bytes]) -> Iterator[tuple[list[str], str]]:
    """Records that have something on them, after those to be skipped, each as fields and as it stood there."""
    try:
        codecs.lookup(profile.encoding)
    except LookupError as no:
        raise DomainError(f"{profile.encoding} is no encoding that is known here.") from no
    kept: list[str] = []

    def lines() -> Iterator[str]:
        text = io.TextIOWrapper(file, profile.encoding, newline="")
        try:
            for line in text:
                kept.append(line.replace("\x00", ""))
                yield kept[-1]
        finally:
            if not file.closed:
                text.detach()

    skip = profile.skip_records
    reader = csv.reader(lines(), delimiter=profile.delimiter)
    try:
        for fields in reader:
            raw = "".join(kept).rstrip("\r\n")
            kept.clear()
            if not raw.strip():
                continue
            if skip:
                skip -= 1
                continue
            yield fields, raw
    except UnicodeDecodeError as no:
        raise DomainError(f"The file is not written in {profile.encoding}.") from no
    except csv.Error as no:
        raise DomainError(f"Near line {reader.line_num:,} the file is no CSV any more: {no}.") from no


def _format(profile: Profile, records: Iterator[tuple[list[str], str]]) -> Format:
    kind = FORMATS[profile.kind]
    if kind.columns is not None and not profile.has_header:
        return kind(profile, kind.columns)
    heading, _ = next(records, ([], ""))
    if not heading:
        raise DomainError("The file is empty; a heading was looked for.")
    return kind(profile, [name.strip() for name in heading])
