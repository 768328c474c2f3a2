"""Versions of rate decks and price lists, taken in whole from CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dataaccounts.models import Deck, DeckRow, DeckVersion
from dataaccounts.models.decks import CALL_CLASS, PREFIX
from herotill.bulk import copy_rows
from herotill.errors import DomainError

COLUMNS = (
    "kind prefix destination class connection_fee rate_per_minute minimum_seconds increment_seconds free"
).split()
NAMES = (
    "kind",
    "prefix",
    "destination",
    "call_class",
    "fee",
    "rate",
    "least_seconds",
    "step_seconds",
    "free",
)
OFF_PEAK = "off_peak_rate_per_minute"
MOST_ROWS = 500_000
SECONDS = 100_000
_YES = {"1": True, "yes": True, "0": False, "no": False, "": False}


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The records of a CSV file, as text by heading. Raises DomainError for what is none.

    Columns are `COLUMNS`, in any order, and perhaps `off_peak_rate_per_minute`; others are let be.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as no:
        raise DomainError("The file is not written in UTF-8.", field="file") from no
    try:
        found = csv.DictReader(io.StringIO(text, newline=""), restval="")
        missing = [name for name in COLUMNS if name not in (found.fieldnames or ())]
        if missing:
            raise DomainError(f"The file has no column {', '.join(missing)}.", field="file")
        return list(found)
    except csv.Error as no:
        raise DomainError(f"The file is no CSV: {no}.", field="file") from no


@transaction.atomic
def add_version(*, deck: Deck, valid_from: date, records: Sequence[Mapping[str, str]]) -> DeckVersion:
    """Make a version of a deck, in force from a local day, out of records as `rows_of` gives them.

    It is the whole deck: what is not in it has no rate from that day. Calls that are rated already stay as they
    are. Raises DomainError that names the first record that is wrong.
    """
    if not 0 < len(records) <= MOST_ROWS:
        raise DomainError(f"A deck has up to {MOST_ROWS:,} rows, and at least one.", field="file")
    rows = list(_read(records))
    twice = [key for key, count in Counter((row[0], row[1]) for row in rows).items() if count > 1]
    if twice:
        raise DomainError(f"The file has the prefix {twice[0][1]} twice.", field="file")
    try:
        with transaction.atomic():
            version = DeckVersion.objects.create(deck=deck, valid_from=valid_from)
    except IntegrityError:
        raise DomainError(f"{deck} has a version from {valid_from} already.", field="valid_from") from None
    copy_rows(DeckRow, ("version", *NAMES, "off_peak_rate"), ((version.pk, *row) for row in rows))
    return version


def take_out(*, version: DeckVersion) -> None:
    """Delete a version with its rates: the one before it is in force then. Calls that are rated stay as they are."""
    version.delete()


def _read(records: Sequence[Mapping[str, str]]) -> Iterator[tuple[Any, ...]]:
    for place, record in enumerate(records, start=2):
        try:
            yield _row({name: (record.get(name) or "").strip() for name in (*COLUMNS, OFF_PEAK)})
        except (ValueError, InvalidOperation, KeyError) as no:
            raise DomainError(f"Line {place} is no row of a deck: {no}.", field="file") from no
        except ValidationError as no:
            raise DomainError(f"Line {place}: {' '.join(no.messages)}", field="file") from no


def _row(record: Mapping[str, str]) -> tuple[Any, ...]:
    kind = DeckRow.Kind(record["kind"])
    PREFIX(record["prefix"])
    CALL_CLASS(record["class"])
    off_peak = _money(record[OFF_PEAK]) if record[OFF_PEAK] else None
    return (
        kind.value,
        record["prefix"],
        record["destination"][:100],
        record["class"],
        _money(record["connection_fee"]),
        _money(record["rate_per_minute"]),
        _count(record["minimum_seconds"], 0),
        _count(record["increment_seconds"], 1),
        _YES[record["free"].lower()],
        off_peak,
    )


def _money(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite() or not 0 <= found < 10_000:
        raise ValueError(f"{text} is no rate")
    if found != round(found, 6):
        raise ValueError(f"{text} has more than six decimals")
    return found


def _count(text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= SECONDS or len(text) > 9:
        raise ValueError(f"{text or 'nothing'} is no number of seconds")
    return int(text)
