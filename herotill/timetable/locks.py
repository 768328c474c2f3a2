"""Advisory locks that live as long as a worker does.

They stand on a connection of their own, beside the pool: a connection of the pool may be given back in the
middle of a job, and the server ends this one, and with it the locks, in the moment its process dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import randbelow
from typing import Any

import psycopg
from django.db import connection

# The first half of the key: a call, a job that is done by one at a time, beat.
CALL, ALONE, BEAT = 71_400_001, 71_400_002, 71_400_003
ALIVE = {"connect_timeout": 5, "keepalives": 1, "keepalives_idle": 60}
# So that the server notices, too, when a machine is gone without a word, and lets its locks go in two minutes.
NOTICES = "SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6"
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
    """A hold, which ends with the block or with the process.

    At the end of the block it is let go first: the server notices that a line was closed only a moment later.
    """
    with _beside() as beside:
        try:
            yield Hold(beside)
        finally:
            with suppress(psycopg.Error):
                beside.execute("SELECT pg_advisory_unlock_all()")


def _beside() -> psycopg.Connection[Any]:
    address = {name: value for name, value in connection.get_connection_params().items() if name not in OURS}
    beside = psycopg.connect(**address | ALIVE, autocommit=True)
    try:
        beside.execute(NOTICES)
    except BaseException:
        beside.close()
        raise
    return beside


class OnlyOne:
    """Of several beats the one that calls; another takes its place in the moment it ends."""

    def __init__(self) -> None:
        self._line: psycopg.Connection[Any] | None = None

    def is_us(self) -> tuple[bool, bool]:
        """Whether it is us, and whether only since now. Where the database is away, it is nobody."""
        try:
            if self._line:
                self._line.execute("SELECT 1")
                return True, False
            return self._became(), True
        except psycopg.OperationalError:
            self.end()
            return False, False

    def _became(self) -> bool:
        line = _beside()
        try:
            if line.execute("SELECT pg_try_advisory_lock(%s, 0)", [BEAT]).fetchone() == (True,):
                self._line = line
        finally:
            if self._line is not line:
                line.close()
        return self._line is line

    def end(self) -> None:
        """Let another be it."""
        if self._line:
            self._line.close()
        self._line = None


def held() -> set[int]:
    """The numbers of all calls whose worker lives."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [CALL])
        return {number for (number,) in cursor.fetchall()}
