"""Ten thousand sessions changed and cut in one batch, over fifty routers that each take so many requests a second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dataaccounts.models import DataAccount, Nas, SessionOrder, VendorTemplate
from dataaccounts.services import radius_secrets, session_orders, session_work
from herotill.clock import stamp
from tests.bench import routers
from tests.bench.data import scratch
from tests.bench.usage_import import ACCOUNTS
from tests.factories import make_customer
from tests.factories.data import make_account

SESSIONS, ROUTERS, PER_SECOND = 10_000, 50, 50
SECRET = "stand-in-of-a-router"
UP = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctsessiontime,
    acctinputoctets, acctoutputoctets, framedipaddress)
SELECT to_hex(n), md5(n::text), 'user' || n || '@isp.example', '127.0.1.1'::inet + n %% %(routers)s,
    now() - interval '1 hour', now(), 3600, n, n, '100.64.0.0'::inet + n
FROM generate_series(1, %(sessions)s) n
"""


@dataclass(frozen=True)
class OrdersBench:
    """Seconds until each order is answered and told, against what the routers' pace alone takes."""

    name: str = "sessions.orders"

    def run(self, size: int) -> dict[str, Any]:
        with scratch(), routers.serving(ROUTERS, SECRET) as towers:
            _fill(towers.recv())
            seconds, cuts = _done(None), _done(SessionOrder.Kind.DISCONNECT)
            towers.send("How many at most?")
            busiest = towers.recv()
        floor = SESSIONS / ROUTERS / PER_SECOND
        return {
            "bench": self.name,
            "n": SESSIONS,
            "seconds": round(seconds, 2),
            "per_second": round(SESSIONS / seconds),
            "floor_seconds": floor,
            "ratio": round(seconds / floor, 2),
            "cut_seconds": round(cuts, 2),
            "most_in_a_second": busiest,
        }


def _fill(ports: list[int]) -> None:
    make = VendorTemplate.objects.get(slug="mikrotik")
    for n, port in enumerate(ports):
        address = f"127.0.1.{n + 1}"
        nas = Nas.objects.create(
            name=f"Tower {n}", address=address, vendor=make, coa_port=port, coa_per_second=PER_SECOND
        )
        radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=None)
    make_account(make_customer("Alice Liddel", "ALI001"))
    with connection.cursor() as cursor:
        for table in ("dataaccounts_dataaccount", "radacct"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(ACCOUNTS, [SESSIONS])
        cursor.execute("UPDATE dataaccounts_dataaccount SET state_since = now() - interval '1 day'")
        cursor.execute(UP, {"routers": ROUTERS, "sessions": SESSIONS})
        for table in ("dataaccounts_dataaccount", "radacct"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def _done(kind: str | None) -> float:
    """Seconds to owe every session this and to have it done."""
    accounts = list(DataAccount.objects.values_list("pk", flat=True))
    started, now = time.perf_counter(), stamp()
    session_orders.owe(account_ids=accounts, why="Another speed", kind=kind, actor=None, now=now)
    said = session_work.carry_out(now)
    taken = time.perf_counter() - started
    if said != f"Done: {SESSIONS}":
        raise RuntimeError(said)
    return taken
