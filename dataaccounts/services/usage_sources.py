"""Sources of usage besides our own RADIUS: what they report goes into the same journal, and is counted the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, connection, transaction

from dataaccounts.models import UsageSource
from dataaccounts.services.foreign import detail, mysql, postgresql
from dataaccounts.services.foreign.places import place_of
from dataaccounts.services.foreign.reports import Reader, Reading, Report, kept
from herotill.bulk import copy_rows
from herotill.errors import DomainError, IntegrationError

READERS: dict[str, Reader] = {
    "postgresql": postgresql.reading,
    "mysql": mysql.reading,
    "detail": detail.reading,
}
STAGE = """
CREATE TEMP TABLE IF NOT EXISTS usage_report (
    unique_id text COLLATE "C", username text COLLATE "C", nas_address inet, kind text, at bigint, seconds bigint,
    input bigint, output bigint, number bigserial
);
TRUNCATE usage_report;
"""
# What was told before is left out: most sessions of a reading have changed nothing.
NOTE = """
INSERT INTO dataaccounts_journal
    (source_id, noted_at, unique_id, username, nas_address, kind, at, seconds, input_octets, output_octets)
SELECT %(source)s, %(now)s, r.unique_id, r.username, r.nas_address, r.kind, to_timestamp(r.at), r.seconds, r.input, r.output
FROM usage_report r LEFT JOIN dataaccounts_counter c ON c.unique_id = r.unique_id
WHERE c.unique_id IS NULL OR (c.at, c.input_octets, c.output_octets) IS DISTINCT FROM (r.at, r.input, r.output)
ORDER BY r.number
"""
COLUMNS = Report._fields


def read_due(*, now: datetime) -> str:
    """Read every source whose time has come; in words, what it came to. One in trouble keeps no other back."""
    offered = UsageSource.objects.filter(retired=False)
    said = [f"{source}: {_attempt(source, now)}" for source in offered if _is_due(source, now)]
    return "; ".join(said)


def _is_due(source: UsageSource, now: datetime) -> bool:
    return source.read_at is None or source.read_at + timedelta(minutes=source.interval) <= now


def _attempt(source: UsageSource, now: datetime) -> str:
    try:
        count = read(source=source, now=now)
    except (IntegrationError, DomainError) as no:
        return _failed(source, str(no), now)
    except (DataError, ValueError):
        return _failed(source, "It says something that cannot be kept.", now)
    return f"{count:,} reports"


def _failed(source: UsageSource, why: str, now: datetime) -> str:
    UsageSource.objects.filter(pk=source.pk).update(read_at=now, failed=True, said=why[:300])
    return why


def read(*, source: UsageSource, now: datetime) -> int:
    """Read one source now; how many reports were new. What was read and how far are kept together.

    Raises IntegrationError where it cannot be read. Where somebody else reads it just now, that is 0.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        held = (
            UsageSource.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=source.pk).first()
        )
        if held is None:
            return 0
        cursor.execute(STAGE)
        with READERS[held.kind](held) as reading:
            copy_rows("usage_report", COLUMNS, _own(held, reading))
        cursor.execute("ANALYZE usage_report")
        cursor.execute(NOTE, {"source": held.pk, "now": now})
        count = cursor.rowcount
        UsageSource.objects.filter(pk=held.pk).update(
            cursor=_no_later(reading.cursor, now),
            read_at=now,
            failed=False,
            said=f"{count:,} reports were new.",
        )
    return count


def _no_later(cursor: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Where to go on; a session that ended in the future may not have all that end before it left out."""
    since = cursor.get("since")
    return cursor if since is None else cursor | {"since": min(since, int(now.timestamp()))}


def _own(source: UsageSource, reading: Reading) -> Iterator[Report]:
    """Keys of one source are nobody else's."""
    for report in reading:
        yield kept(report._replace(unique_id=f"{source.pk}/{report.unique_id}"))


def host_of(*, kind: str, url: str) -> str:
    """Where a database's address leads. Raises DomainError where it is none."""
    return place_of(kind, url).host
