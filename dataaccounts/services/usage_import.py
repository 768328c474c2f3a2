"""From the journal to usage: by day and hour of each account, by hour of each router and sector.

A batch is one transaction, with the cursor that says how far it came, so that it is counted once, whoever dies and
however many try. Memory holds the odd sessions of one batch at most.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from dataaccounts import usage_hooks
from dataaccounts.models import NetworkRules
from dataaccounts.policies.metering import LONGEST, Counters, Metered, Packet, meter, origin
from dataaccounts.services import usage_statements as statements
from herotill.bulk import copy_rows

AT_ONCE = 100_000
PATIENCE = 5.0  # seconds that those are waited for who are writing to the journal just now
KEY = itemgetter(0)
STRETCH = ("username", "nas_address", "first", "last", "input", "output")
STATE = "unique_id at seconds input_octets output_octets was_at was_input was_output seen_at resets".split()


@dataclass(frozen=True, slots=True)
class Imported:
    """What a run did: packets counted, in how many batches."""

    packets: int
    batches: int

    def __str__(self) -> str:
        return f"{self.packets:,} reports counted" if self.packets else "Nothing new"


def run(*, now: datetime, at_once: int = AT_ONCE, upto: int | None = None) -> Imported:
    """Count what is in the journal by now, or up to one of its rows; what comes meanwhile waits for the next."""
    limit = settled() if upto is None else upto
    packets = batches = 0
    while True:
        with transaction.atomic():
            counted = _batch(limit, at_once, now)
        packets, batches = packets + counted, batches + bool(counted)
        if counted < at_once:
            break
    attribute(now=now)
    return Imported(packets, batches)


def settled() -> int:
    """The last row of the journal before which none can appear any more.

    Numbers are given before rows are committed, so all who write just now are waited for, for a while. Where one
    of them takes longer, nothing may be counted yet: 0.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM dataaccounts_journal_id_seq")
        (last,) = cursor.fetchone()
        waited, end = _writers(cursor), time.monotonic() + PATIENCE
        while waited:
            if time.monotonic() > end:
                return 0
            time.sleep(0.02)
            waited &= _writers(cursor)
    return int(last)


def _writers(cursor: Any) -> set[str]:
    cursor.execute(statements.WRITERS)
    return {row[0] for row in cursor.fetchall()}


def attribute(*, now: datetime) -> int:
    """Give accounts what their user names used before they were theirs; how many accounts got something."""
    with transaction.atomic(), connection.cursor() as cursor:
        _hold(cursor)
        cursor.execute(statements.ATTRIBUTE)
        accounts = sorted(row[0] for row in cursor.fetchall())
        usage_hooks.tell(accounts, now)
    return len(accounts)


def _hold(cursor: Any) -> int:
    """Take the cursor's row, so that nobody else counts; where it stands."""
    cursor.execute("SELECT journal_id FROM dataaccounts_importcursor FOR UPDATE")
    return int(cursor.fetchone()[0])


def _batch(limit: int, size: int, now: datetime) -> int:
    """Count the next rows of the journal; how many they were."""
    with connection.cursor() as cursor:
        after = _hold(cursor)
        cursor.execute(statements.ROOM)
        cursor.execute(statements.TABLES)
        cursor.execute(statements.REACH, {"after": after, "upto": limit, "size": size})
        count, last = cursor.fetchone()
        if not count:
            return 0
        batch = {"after": after, "last": last}
        cursor.execute(statements.STEP, batch | {"longest": LONGEST})
        _odd(cursor)
        _keep(cursor, batch, now)
        cursor.execute("UPDATE dataaccounts_importcursor SET journal_id = %s, moved_at = %s", [last, now])
        cursor.execute("SELECT DISTINCT account_id FROM usage_piece WHERE account_id IS NOT NULL ORDER BY 1")
        usage_hooks.tell([row[0] for row in cursor.fetchall()], now)
    return int(count)


def _keep(cursor: Any, batch: Mapping[str, int], now: datetime) -> None:
    """Cut what was used into hours, and add it to what is known."""
    kept = NetworkRules.objects.values_list("hours_kept_days", flat=True).get()
    values = {**batch, "zone": settings.TIME_ZONE, "oldest": now - timedelta(days=kept)}
    for statement in (
        statements.PIECES,
        statements.COUNTERS,
        statements.TROUBLES,
        statements.DAYS,
        statements.HOURS,
        statements.LOAD,
        statements.UNKNOWN,
    ):
        cursor.execute(statement, values)


def _odd(cursor: Any) -> None:
    """Count the sessions one by one whose packets came out of order, or whose counters went back."""
    cursor.execute(statements.ODD)
    metered = [_metered(list(rows)) for _, rows in groupby(cursor.fetchall(), KEY)]
    if metered:
        copy_rows("usage_stretch", STRETCH, _stretches(metered))
        copy_rows("usage_state", STATE, _states(metered))


def _metered(rows: Sequence[Any]) -> tuple[Sequence[Any], Metered]:
    """One session's packets, by their moments, after what is known of it."""
    packets = [Packet(*row[4:8]) for row in rows]
    return rows[-1], meter(_known(rows, packets), packets)


def _known(rows: Sequence[Any], packets: Sequence[Packet]) -> Counters:
    """The counters kept; else what the first to arrive says they were; else the session's beginning."""
    if rows[0][12] is not None:
        return Counters(*rows[0][12:19])
    first = min(rows, key=itemgetter(1))
    if first[8] is None:
        return origin(packets[0])
    return Counters.known(first[8], first[9], first[10])


def _stretches(metered: Sequence[tuple[Sequence[Any], Metered]]) -> Iterator[tuple[Any, ...]]:
    for row, one in metered:
        for each in one.stretches:
            yield row[2], row[3], each.first, each.last, each.input, each.output


def _states(metered: Sequence[tuple[Sequence[Any], Metered]]) -> Iterator[tuple[Any, ...]]:
    for row, one in metered:
        c = one.counters
        yield (
            row[0],
            c.at,
            c.seconds,
            c.input,
            c.output,
            c.was_at,
            c.was_input,
            c.was_output,
            row[11],
            one.resets,
        )
