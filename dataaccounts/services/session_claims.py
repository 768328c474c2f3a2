"""Which orders a worker takes, and how they are given back with what became of them.

A worker takes whole routers: each is one worker's until its turn ends, so no router hears more a second than
it takes, however many workers there are. What was taken and not told, because the worker was killed, is due
again when the turn has run out; telling counts only while the order is still the one that was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from dataaccounts.policies.session_answers import ENDED, Verdict

TURN = timedelta(minutes=2)
ROUTERS_AT_ONCE = 64
SECONDS_AT_ONCE = 10
"""So many seconds' worth of a router's orders are taken at once."""

SETTLE = """
    WITH due AS (
        SELECT o.id, s.acctuniqueid, s.nasipaddress, n.id AS nas_id FROM dataaccounts_sessionorder o
        LEFT JOIN radacct s ON s.acctuniqueid = o.unique_id AND s.acctstoptime IS NULL
        LEFT JOIN dataaccounts_nas n ON n.address = s.nasipaddress
        WHERE o.state = 'owed' AND o.due_at <= %(now)s AND (s.acctuniqueid IS NULL OR n.id IS NULL)
        FOR UPDATE OF o SKIP LOCKED
    )
    UPDATE dataaccounts_sessionorder o SET ended_at = %(now)s,
        state = CASE WHEN due.acctuniqueid IS NULL THEN 'needless' ELSE 'refused' END,
        answer = CASE WHEN due.acctuniqueid IS NULL THEN %(ended)s
                 ELSE 'No router of ours has the address ' || host(due.nasipaddress) || '.' END
    FROM due WHERE o.id = due.id
"""
TURNS = """
    INSERT INTO dataaccounts_nasturn (nas_id, busy_until)
    SELECT DISTINCT n.id, '-infinity'::timestamptz FROM dataaccounts_sessionorder o
    JOIN radacct s ON s.acctuniqueid = o.unique_id JOIN dataaccounts_nas n ON n.address = s.nasipaddress
    WHERE o.state = 'owed' AND o.due_at <= %(now)s
    ON CONFLICT DO NOTHING
"""
TAKE_ROUTERS = """
    UPDATE dataaccounts_nasturn SET busy_until = %(until)s WHERE nas_id IN (
        SELECT t.nas_id FROM dataaccounts_nasturn t JOIN dataaccounts_nas n ON n.id = t.nas_id
        WHERE t.busy_until <= %(now)s AND EXISTS (
            SELECT 1 FROM dataaccounts_sessionorder o JOIN radacct s ON s.acctuniqueid = o.unique_id
            WHERE o.state = 'owed' AND o.due_at <= %(now)s AND s.nasipaddress = n.address)
        ORDER BY t.busy_until, t.nas_id LIMIT %(routers)s FOR UPDATE OF t SKIP LOCKED)
    RETURNING nas_id
"""
# Whether an order still waits is asked as `ended_at IS NULL` where its id is known: asked by its state, which has an index,
# each of ten thousand just owed was looked for among all of them, as long as nobody had counted them.
TAKE_ORDERS = """
    UPDATE dataaccounts_sessionorder o SET nas_id = mine.nas_id, tries = o.tries + 1, due_at = %(until)s
    FROM (
        SELECT w.id, n.id AS nas_id, n.coa_per_second, s.username, s.acctsessionid, host(s.framedipaddress) AS ip,
            row_number() OVER (PARTITION BY n.id ORDER BY w.ordered_by_id IS NULL, w.due_at, w.id) AS place
        FROM dataaccounts_sessionorder w
        JOIN radacct s ON s.acctuniqueid = w.unique_id AND s.acctstoptime IS NULL
        JOIN dataaccounts_nas n ON n.address = s.nasipaddress
        WHERE w.state = 'owed' AND w.due_at <= %(now)s AND n.id = ANY (%(mine)s)
    ) mine
    WHERE o.id = mine.id AND o.ended_at IS NULL AND o.due_at <= %(now)s
      AND mine.place <= mine.coa_per_second * %(seconds)s
    RETURNING o.id, o.nas_id, o.account_id, o.kind, o.tries, o.due_at, mine.username, mine.acctsessionid, mine.ip
"""
TELL = """
    UPDATE dataaccounts_sessionorder o SET state = told.state, answer = told.answer,
        due_at = coalesce(told.due_at, o.due_at),
        ended_at = CASE WHEN told.state = 'owed' THEN NULL ELSE %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(answers)s::text[], %(dues)s::timestamptz[],
                %(taken)s::timestamptz[]) AS told (id, state, answer, due_at, taken)
    WHERE o.id = told.id AND o.ended_at IS NULL AND o.due_at = told.taken
"""


class Taken(NamedTuple):
    """An order a worker has, with the session that it concerns."""

    id: int
    nas_id: int
    account_id: int | None
    kind: str
    tries: int
    until: datetime
    username: str | None
    session_id: str
    ip: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Routers that are this worker's until `until`, and orders to them."""

    nas_ids: Sequence[int]
    orders: Sequence[Taken]
    until: datetime


def take(*, now: datetime) -> Claim:
    """Routers with something due, and as much of that as goes out in some seconds; none where all is done."""
    values: dict[str, Any] = {
        "now": now,
        "until": now + TURN,
        "routers": ROUTERS_AT_ONCE,
        "seconds": SECONDS_AT_ONCE,
        "ended": ENDED,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTLE, values)
        cursor.execute(TURNS, values)
        cursor.execute(TAKE_ROUTERS, values)
        mine = [row[0] for row in cursor.fetchall()]
        orders: list[Taken] = []
        if mine:
            cursor.execute(TAKE_ORDERS, values | {"mine": mine})
            orders = [Taken(*row) for row in cursor.fetchall()]
    return Claim(mine, orders, now + TURN)


def tell(*, verdicts: Sequence[tuple[Taken, Verdict]], now: datetime) -> int:
    """Write what became of orders; how many it concerned. One that was owed anew meanwhile still waits."""
    values: dict[str, Any] = {
        "now": now,
        "ids": [order.id for order, _ in verdicts],
        "states": [str(verdict.state) for _, verdict in verdicts],
        "answers": [verdict.answer[:200] for _, verdict in verdicts],
        "dues": [verdict.due_at for _, verdict in verdicts],
        "taken": [order.until for order, _ in verdicts],
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
        return cursor.rowcount


def give_back(*, claim: Claim, now: datetime) -> None:
    """End this worker's turn at its routers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dataaccounts_nasturn SET busy_until = %s WHERE nas_id = ANY (%s) AND busy_until = %s",
            [now, list(claim.nas_ids), claim.until],
        )
