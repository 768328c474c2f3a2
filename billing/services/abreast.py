"""Issuing two batches of invoices at the same moment, the second with the numbers that follow the first's.

The first holds the series and says where its numbers end; with that the second begins, on a connection of
its own, and commits after the first. Its numbers are asked for gaps when it commits (`numbers_follow_on`),
so it cannot stay where the first did not: the database sees to that, whatever becomes of this process. Once
both are under way all waiting is the database's too, which finds out should two wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction

from billing.models import Series
from billing.services import issuing, letterheads, locks
from herotill.users.models import User

_BESIDE = 2018_0901


class _TooLate(Exception):
    """The first batch ended before the second could number ahead of everybody else."""


def issue(*, documents: Sequence[int], actor: User | None, now: datetime, run_id: int | None = None) -> int:
    """Issue draft invoices, given by customer, in two batches that commit one after the other; how many.

    Where the second is refused because somebody came between, its drafts are left as they were. Within a
    transaction all are issued as one batch.
    """
    half = len(documents) // 2
    if connection.in_atomic_block or not half:
        return issuing.issue(documents=documents, actor=actor, now=now, run_id=run_id)
    letterheads.current()  # Written by one of the two, the other would wait for it, and it for the other's turn.
    pair = _Pair(documents[:half], documents[half:], actor, now, run_id)
    with ThreadPoolExecutor(2, thread_name_prefix="issue") as pool:
        first, second = pool.submit(pair.first), pool.submit(pair.second)
    return first.result() + second.result()


class _Pair:
    """Two batches; the first holds `turn` until it has committed, and the second waits for it."""

    def __init__(
        self,
        before: Sequence[int],
        after: Sequence[int],
        actor: User | None,
        now: datetime,
        run_id: int | None,
    ) -> None:
        self.before, self.after = before, after
        self.actor, self.now, self.run_id = actor, now, run_id
        self.turn = (_BESIDE, before[0] % 2**31)
        self.follows: Future[tuple[Series, int] | None] = Future()

    def first(self) -> int:
        """The batch that numbers as always, and says where the next one begins."""
        try:
            with transaction.atomic():
                locks.hold_word(*self.turn)
                return self._issue(self.before, self._numbers)
        finally:
            if not self.follows.done():
                self.follows.set_result(None)
            connection.close()

    def _numbers(self, kind: str, count: int) -> tuple[Series, int]:
        series, number = issuing.next_numbers(kind, count)
        self.follows.set_result((series, number + count))
        return series, number

    def second(self) -> int:
        """The batch beside it; nothing, where the first came to nothing or somebody else came between."""
        if self.follows.result() is None:
            return 0
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS numbers_follow_on DEFERRED")
                issued = self._issue(self.after, self._numbers_ahead)
                locks.hold_word(*self.turn)
                return issued
        except (_TooLate, IntegrityError, OperationalError):
            return 0
        finally:
            connection.close()

    def _numbers_ahead(self, kind: str, count: int) -> tuple[Series, int]:
        """Where the first batch ends; while that holds the series, nobody else can want these numbers."""
        follows = self.follows.result()
        if follows is None:
            raise _TooLate
        locks.hold_ahead(follows[0])
        if not locks.is_held(*self.turn):
            raise _TooLate
        return follows

    def _issue(self, documents: Sequence[int], numbers: issuing.Numbers) -> int:
        return issuing.issue(
            documents=documents, actor=self.actor, now=self.now, run_id=self.run_id, numbers=numbers
        )
