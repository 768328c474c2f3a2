"""Sessions that something is wrong with, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

MISSED, INTERIM = 3, 300  # reports that may be missed; seconds between those of a router we do not know
SHOWN, IN_A_FILE = 100, 10_000
KINDS: Mapping[str, tuple[str, str]] = {
    "stale": (
        "Not heard of",
        "Three reports or more are missing. They end by themselves, where they were last heard of.",
    ),
    "twice": ("Online too often", "More sessions at the same time than the package allows."),
    "name": ("Unknown user name", "No data account is called so. What it uses is kept aside."),
    "nas": ("Unknown router", "Its address belongs to no NAS of ours; directions and load are guessed."),
    "reset": ("Counters began anew", "The router lost count within the session; what it lost nobody knows."),
    "clock": ("Wrong clock", "The router's time is ahead of ours or was never set. Ours counts instead."),
    "ended": ("Never stopped", "The router lost them, and they were ended here, during the last seven days."),
}
LATEST = "coalesce(n.latest, %(now)s - %(interim)s * %(missed)s * interval '1 second')"
# Heard of by its own time or by ours, since a router's clock may be wrong; ours is only asked of who seems lost.
STALE = (
    "FROM radacct s LEFT JOIN (SELECT address, %(now)s - interim_seconds * %(missed)s * interval '1 second' AS latest"
    " FROM dataaccounts_nas OFFSET 0) n ON n.address = s.nasipaddress WHERE s.acctstoptime IS NULL"
    f" AND coalesce(greatest(s.acctupdatetime, s.acctstarttime) < {LATEST}, true)"
    " AND greatest(s.acctupdatetime, s.acctstarttime,"
    f" (SELECT c.seen_at FROM dataaccounts_counter c WHERE c.unique_id = s.acctuniqueid)) < {LATEST}"
)
# Names that are up more than once are few, and found along an index; what their packages allow is asked of them.
TWICE = (
    "FROM radacct s WHERE s.acctstoptime IS NULL AND s.username IN (SELECT o.username FROM ("
    "SELECT username, count(*) AS up FROM radacct WHERE acctstoptime IS NULL GROUP BY username HAVING count(*) > 1"
    " OFFSET 0) o JOIN dataaccounts_dataaccount a ON a.username = o.username"
    " JOIN dataaccounts_package p ON p.id = a.package_id WHERE o.up > p.sessions)"
)
NAME = (
    "FROM radacct s WHERE s.acctstoptime IS NULL AND s.username IN (SELECT o.username FROM ("
    "SELECT DISTINCT username FROM radacct WHERE acctstoptime IS NULL OFFSET 0) o"
    " WHERE NOT EXISTS (SELECT FROM dataaccounts_dataaccount a WHERE a.username = o.username)"
    " AND NOT EXISTS (SELECT FROM dataaccounts_usagename l WHERE l.username = o.username))"
)
NAS = (
    "FROM radacct s WHERE s.acctstoptime IS NULL AND s.nasipaddress IN (SELECT o.address FROM ("
    "SELECT DISTINCT nasipaddress AS address FROM radacct WHERE acctstoptime IS NULL OFFSET 0) o"
    " WHERE NOT EXISTS (SELECT FROM dataaccounts_nas n WHERE n.address = o.address))"
)
TROUBLE = (
    "FROM dataaccounts_trouble t JOIN radacct s ON s.acctuniqueid = t.unique_id"
    " WHERE t.kind = '{kind}' AND t.noted_at > %(now)s - interval '7 days'"
)
ENDED = "FROM radacct s WHERE s.acctstoptime > %(now)s - interval '7 days' AND s.acctterminatecause = 'Stale-Session'"
FOUND: Mapping[str, str] = {
    "stale": STALE,
    "twice": TWICE,
    "name": NAME,
    "nas": NAS,
    "reset": TROUBLE.format(kind="reset"),
    "clock": TROUBLE.format(kind="clock"),
    "ended": ENDED,
}
ROW = """
SELECT x.acctuniqueid, x.acctsessionid, x.username, host(x.nasipaddress), coalesce(n.name, ''), c.code, c.name,
    x.acctstarttime, x.acctupdatetime, x.acctstoptime
FROM (SELECT s.* {found} ORDER BY coalesce(s.acctupdatetime, s.acctstarttime) LIMIT {shown}) x
LEFT JOIN dataaccounts_nas n ON n.address = x.nasipaddress
LEFT JOIN dataaccounts_dataaccount a ON a.username = x.username
LEFT JOIN customers_customer c ON c.id = a.customer_id
ORDER BY coalesce(x.acctupdatetime, x.acctstarttime), x.radacctid
"""


class Problem(NamedTuple):
    """One session with a problem, and whose it is, where we know."""

    unique_id: str
    session_id: str
    username: str
    nas_address: str
    nas_name: str
    code: str | None
    customer: str | None
    started_at: datetime | None
    updated_at: datetime | None
    stopped_at: datetime | None


class Aside(NamedTuple):
    """What a name used that no account has. Octets."""

    username: str
    days: int
    download: int
    upload: int


def sessions(kind: str, *, now: datetime, most: int = IN_A_FILE) -> list[Problem]:
    """The sessions with this problem, those longest unheard of first."""
    found = _ask(ROW.format(found=FOUND[kind], shown=most), now)
    return [Problem(*row) for row in found]


def first(*, now: datetime) -> str:
    """The first kind that any session has; where none has any, the first of all."""
    found = (kind for kind, of in FOUND.items() if _ask(f"SELECT 1 {of} LIMIT 1", now))
    return next(found, next(iter(FOUND)))


def counts(*, now: datetime) -> dict[str, int]:
    """How many sessions have each problem, counted up to SHOWN. All who are online are looked at."""
    parts = [
        f"SELECT '{kind}', (SELECT count(*) FROM (SELECT 1 {found} LIMIT {SHOWN}) x)"
        for kind, found in FOUND.items()
    ]
    return dict(_ask(" UNION ALL ".join(parts), now))


def names_aside() -> int:
    """How many names that no account has used something, counted up to SHOWN."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT DISTINCT username FROM dataaccounts_unknownusage LIMIT %s) x",
            [SHOWN],
        )
        return int(cursor.fetchone()[0])


def aside() -> list[Aside]:
    """Names that no account has and that used something, those that used most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT username, count(DISTINCT day), sum(download)::bigint, sum(upload)::bigint"
            " FROM dataaccounts_unknownusage GROUP BY username ORDER BY sum(download + upload) DESC, username LIMIT %s",
            [SHOWN],
        )
        return [Aside(*row) for row in cursor.fetchall()]


def _ask(statement: str, now: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "missed": MISSED, "interim": INTERIM})
        return cursor.fetchall()
