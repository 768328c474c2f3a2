"""Advisory locks that live as long as a worker does.

They stand on a connection of their own, beside the pool: a connection of the pool may be given back in the
middle of a job, and the server ends this one, and with it the locks, in the moment its process dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import randbelow
from typing import Any

import psycopg
from django.db import connection

CALL, ALONE = 71_400_001, 71_400_002  # the first half of the key: a call, a job that is done by one at a time
ALIVE = {"connect_timeout": 5, "keepalives": 1, "keepalives_idle": 60}
OURS = ("context", "cursor_factory", "prepare_threshold")
HELD = """
SELECT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND granted AND classid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Hold:
    """What one worker holds while it carries out one call."""

    def __init__(self, beside: psycopg.Connection[Any]) -> None:
        self._beside = beside
        self.number = randbelow(2**31)
        while not self._try(CALL, "%s", self.number):
            self.number = randbelow(2**31)

    def alone(self, name: str) -> bool:
        """Whether this is the only worker at this job; it stays so until the hold ends."""
        return self._try(ALONE, "hashtext(%s)", name)

    def _try(self, kind: int, key: str, value: object) -> bool:
        asked = self._beside.execute(f"SELECT pg_try_advisory_lock({kind}, {key})", [value]).fetchone()
        return asked == (True,)


@contextmanager
def hold() -> Iterator[Hold]:
    """A hold, which ends with the block or with the process."""
    address = {name: value for name, value in connection.get_connection_params().items() if name not in OURS}
    with psycopg.connect(**address | ALIVE, autocommit=True) as beside:
        yield Hold(beside)


def held() -> set[int]:
    """The numbers of all calls whose worker lives."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [CALL])
        return {number for (number,) in cursor.fetchall()}
