"""The profile's cards of sessions with a hundred times as many sessions in radacct as in the small case."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.core.management import call_command
from django.db import connection

from dataaccounts.models import DataAccount
from dataaccounts.selectors import sessions
from tests import databases
from tests.bench import data
from tests.bench.usage_import import ACCOUNTS
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

ASKED, SHOWN = 200, 9
# Each user's last session is up; those before ended.
SESSIONS = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctstoptime,
    acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, framedipaddress)
SELECT to_hex(n), md5(n::text || 'u' || %(users)s), 'user' || n %% %(users)s + 1 || '@isp.example', '10.1.0.1',
    began, began + interval '50 minutes',
    CASE WHEN n < %(rows)s - %(users)s THEN began + interval '50 minutes' END, 3000, n, 10 * n, '80:2A:A8:24:E8:61',
    '100.64.0.10'
FROM (SELECT n, now() - (%(rows)s - n) * interval '30 days' / %(rows)s - interval '1 hour' AS began
    FROM generate_series(0, %(rows)s - 1) n) s
"""


@dataclass(frozen=True)
class SessionCards:
    """Seconds of what both cards ask, of many customers, in the small case (`floor`) and in the large one."""

    name: str = "sessions.cards"

    def run(self, size: int) -> dict[str, Any]:
        least = median(measured(size))
        large = measured(size * 100)
        seconds = median(large)
        return {
            "bench": self.name,
            "n": size * 100,
            "seconds": round(seconds, 5),
            "p95_seconds": round(quantiles(large, n=20)[-1], 5),
            "floor_seconds": round(least, 5),
            "ratio": round(seconds / least, 2),
        }


def measured(rows: int) -> list[float]:
    """Seconds of each customer's cards with so many sessions at hand, a hundred of each user."""
    users = max(1, rows // 100)

    def make() -> None:
        call_command("migrate", verbosity=0)
        make_nas()
        make_account(make_customer("Alice Liddel", "ALI001"))
        _without_triggers("dataaccounts_dataaccount", ACCOUNTS, [users])
        fill(rows, users)

    with data.kept(f"{databases.current()}_{rows}_sessions", source="template0", make=make):
        return asked(users)


def fill(rows: int, users: int) -> None:
    """Sessions of many users, over a month; indexes are made afterwards, as that is quicker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = 'radacct'::regclass AND NOT i.indisunique"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    _without_triggers("radacct", SESSIONS, {"rows": rows, "users": users})
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            cursor.execute(definition)


def asked(users: int) -> list[float]:
    """Seconds of what the cards of some customers ask."""
    step = max(1, users // ASKED)
    names = [f"user{number * step % users + 1}@isp.example" for number in range(ASKED)]
    of = {one.username: one for one in DataAccount.objects.filter(username__in=names)}
    for name in names:
        _cards(of[name])
    return [_cards(of[name]) for name in names]


def _cards(account: DataAccount) -> float:
    started = time.perf_counter()
    online = sessions.online(accounts=[account], limit=SHOWN)
    past = sessions.past(accounts=[account], limit=SHOWN)
    if len(online) != 1 or len(past) != SHOWN:
        raise RuntimeError(f"{account}: {len(online)} up, {len(past)} past.")
    return time.perf_counter() - started


def _without_triggers(table: str, statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
