"""From the journal to usage, in batches of 100,000 reports, against COPY and upsert of the same rows."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from dataaccounts.services import usage_import
from herotill.bulk import copy_rows
from herotill.clock import stamp
from tests.bench.data import scratch
from tests.factories import make_customer
from tests.factories.data import make_account

BATCH = 100_000
ROUNDS = 10  # reports of each session

ACCOUNTS = """
INSERT INTO dataaccounts_dataaccount (customer_id, username, package_id, starts_on, state, created_by_id)
SELECT customer_id, 'user' || n || '@isp.example', package_id, starts_on, 'active', NULL
FROM dataaccounts_dataaccount CROSS JOIN generate_series(1, %s) n WHERE username = 'alice@isp.example'
"""
JOURNAL = """
INSERT INTO dataaccounts_journal (unique_id, username, nas_address, kind, at, seconds, input_octets, output_octets,
    was_at, was_input, was_output)
SELECT md5(n::text), 'user' || n || '@isp.example', '10.1.0.0'::inet + (n %% 200), 'interim', moment, r * 300 + 300,
    r * 1000000::bigint + n, r * 10000000::bigint + 3 * n, CASE WHEN r > 0 THEN moment - interval '5 minutes' END,
    CASE WHEN r > 0 THEN (r - 1) * 1000000::bigint + n END, CASE WHEN r > 0 THEN (r - 1) * 10000000::bigint + 3 * n END
FROM (
    SELECT r, n, %s::timestamptz + r * interval '5 minutes' + n %% 300 * interval '1 second' AS moment
    FROM generate_series(0, %s - 1) r, generate_series(1, %s) n
) packets
ORDER BY r, md5(n::text || r)
"""
ROWS = {
    "dataaccounts_counter": "SELECT * FROM dataaccounts_counter",
    "dataaccounts_usagehour": "SELECT account_id, hour, sum(download)::bigint, sum(upload)::bigint"
    " FROM usage_piece GROUP BY 1, 2",
    "dataaccounts_usageday": "SELECT account_id, day, sum(download)::bigint, sum(upload)::bigint"
    " FROM usage_piece GROUP BY 1, 2",
}
ADD = "download = t.download + excluded.download, upload = t.upload + excluded.upload"
REPLACE = ", ".join(
    f"{name} = excluded.{name}"
    for name in "at seconds input_octets output_octets was_at was_input was_output seen_at".split()
)
UPSERTS = {
    "dataaccounts_counter": f"(unique_id) DO UPDATE SET {REPLACE}",
    "dataaccounts_usagehour": f"(account_id, hour) DO UPDATE SET {ADD}",
    "dataaccounts_usageday": f"(account_id, day) DO UPDATE SET {ADD}",
}


@dataclass(frozen=True)
class UsageBench:
    """Batches by the importer and batches of the same rows by COPY, ANALYZE and upsert, in turn."""

    name: str = "usage.import"

    def run(self, size: int) -> dict[str, Any]:
        packets = size * ROUNDS
        with scratch():
            fill(size)
            seconds = floors = 0.0
            grown: list[float] = []
            for _ in range(max(1, packets // BATCH)):
                before = memory()
                seconds += timed(one_batch)
                grown.append(memory() - before)
                floors += floor()
            check(packets)
        return {
            "bench": self.name,
            "n": packets,
            "seconds": round(seconds, 2),
            "per_second": round(packets / seconds),
            "floor_seconds": round(floors, 2),
            "ratio": round(seconds / floors, 2),
            "memory_mb": round(max(grown)),
        }


def fill(sessions: int) -> None:
    """An account for each session, and ten reports of each, five minutes apart."""
    make_account(make_customer("Alice Liddel", "ALI001"))
    began = stamp() - timedelta(minutes=5 * ROUNDS + 10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dataaccounts_dataaccount DISABLE TRIGGER USER")
        cursor.execute(ACCOUNTS, [sessions])
        cursor.execute("ALTER TABLE dataaccounts_dataaccount ENABLE TRIGGER USER")
        cursor.execute(JOURNAL, [began, ROUNDS, sessions])
        for table in ROWS:
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL) WITH (fillfactor = 50)")
        cursor.execute("VACUUM ANALYZE")


def one_batch() -> None:
    with transaction.atomic():
        usage_import._batch(2**62, BATCH, stamp())


def floor() -> float:
    """Seconds that the rows of the batch just counted take to be copied and upserted."""
    rows = {}
    with connection.cursor() as cursor:
        for table, query in ROWS.items():
            cursor.execute(query)
            rows[table] = cursor.fetchall()
    return timed(lambda: _upsert(rows))


def _upsert(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, found in rows.items():
            cursor.execute(f"CREATE TEMP TABLE stage (LIKE {table}) ON COMMIT DROP")
            copy_rows("stage", [column.name for column in _columns(cursor)], found)
            cursor.execute("ANALYZE stage")
            cursor.execute(f"INSERT INTO floor_{table} AS t SELECT * FROM stage ON CONFLICT {UPSERTS[table]}")
            cursor.execute("DROP TABLE stage")


def _columns(cursor: Any) -> Any:
    cursor.execute("SELECT * FROM stage LIMIT 0")
    return cursor.description


def timed(do: Callable[[], None]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def check(packets: int) -> None:
    """That both kept the same rows."""
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"SELECT count(*) FROM (TABLE {table} EXCEPT TABLE floor_{table}) different")
            (different,) = cursor.fetchone()
            if different:
                raise RuntimeError(f"{table}: {different} rows differ.")


def memory() -> float:
    """What this process holds, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
