"""Rows of results taken in: each once, whatever file or answer told it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db import connection, transaction

from billing.collecting import ResultRow, line_of, told_in
from billing.models import CollectionResult
from billing.policies import collection_results as policy
from billing.services import locks
from herotill.bulk import array, array_of_ids, copy_rows

_TAKING = 2018_0904
_KNOWN = "SELECT told_id, told_type FROM billing_collectionresult WHERE channel = %s AND told_id = ANY (%s)"
_LINES = """
SELECT l.id, l.reference FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
WHERE b.channel = ANY (%s) AND l.id = ANY (%s)
"""
_COLUMNS = (
    "channel",
    "told_id",
    "told_type",
    "kind",
    "day",
    "amount",
    "reference",
    "code",
    "text",
    "line",
    "booked_at",
    "trouble",
    "run_id",
)


@transaction.atomic
def take(*, channel: str, rows: Sequence[ResultRow], run_id: int | None, now: datetime) -> int:
    """Keep the rows that are not known yet; how many. What concerns no line of ours waits for a person."""
    locks.hold_word(_TAKING, crc32(channel.encode()) & 0x7FFFFFFF)
    fresh = _fresh(channel, rows)
    lines = _lines(channel, fresh)
    return copy_rows(CollectionResult, _COLUMNS, _cells(channel, fresh, lines, run_id, now))


def _fresh(channel: str, rows: Sequence[ResultRow]) -> list[ResultRow]:
    """Those not told before, each once."""
    known = set(_found(_KNOWN, channel, array(sorted({row.told_id[:60] for row in rows}))))
    found = {(row.told_id[:60], row.told_type[:10]): row for row in reversed(rows)}
    return [row for row in reversed(found.values()) if (row.told_id[:60], row.told_type[:10]) not in known]


def _lines(channel: str, rows: Sequence[ResultRow]) -> dict[int, str]:
    """The lines told of in this channel that the rows name, with the account reference of each."""
    named = {line for row in rows if (line := line_of(row.line_reference)) is not None}
    return dict(_found(_LINES, array(told_in(channel)), array_of_ids(named)))


def _found(statement: str, channels: str, wanted: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [channels, wanted])
        return cursor.fetchall()


def _cells(
    channel: str, rows: Sequence[ResultRow], lines: Mapping[int, str], run_id: int | None, now: datetime
) -> Iterator[tuple[object, ...]]:
    for row in rows:
        ours = _ours(row, lines)
        yield (
            channel,
            row.told_id[:60],
            row.told_type[:10],
            row.kind,
            row.day,
            row.amount,
            row.reference[:60],
            policy.normal(row.code),
            row.text[:300],
            ours,
            now if row.kind == policy.OTHER else None,
            _trouble(row, ours),
            run_id,
        )


def _ours(row: ResultRow, lines: Mapping[int, str]) -> int | None:
    """The line it is of. One that names another account is of another installation that counts its lines so, too."""
    line = line_of(row.line_reference)
    if line is None or line not in lines:
        return None
    same = row.reference.casefold() in ("", lines[line].casefold())
    return line if same else None


def _trouble(row: ResultRow, line: int | None) -> str:
    if row.kind == policy.OTHER:
        return ""
    if row.kind == policy.RECEIPT:
        return policy.OTHER_MONEY
    return "" if line else policy.NO_LINE
