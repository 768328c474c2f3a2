"""What the function of a run gets, to say how far it is and to learn that it shall stop.

Progress is written on a connection of its own, by a thread that also keeps the lease alive, so that it is
seen while the work's transaction is open and however long one statement takes. Where the caller already
holds a transaction, as a test does, everything stays in that.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models.functions import Now

from herotill.clock import stamp
from herotill.models import Run, RunCheckpoint

log = logging.getLogger(__name__)

LINES = 200  # of the log, the newest
EVERY = 0.5  # seconds between two writes of progress

WRITE = """
    UPDATE house_run SET done = %s, total = %s, counts = %s, log = %s,
        lease_until = statement_timestamp() + make_interval(secs => %s)
    WHERE id = %s AND token = %s AND state IN ('running', 'cancelling') RETURNING state
"""


class RunCancelled(Exception):
    """Somebody asked the run to end; what its open transaction did is taken back."""


class RunLost(Exception):
    """Another worker has taken the run over; nothing more may be written for it."""


def lease() -> timedelta:
    """How long a worker may be silent before another takes its run over."""
    return timedelta(seconds=settings.RUN_LEASE_SECONDS)


def _with(lines: list[dict[str, str]], line: str) -> list[dict[str, str]]:
    return [*lines, {"at": stamp().isoformat(), "says": line}][-LINES:]


class Progress:
    """One claim of a run, as its function sees it.

    `cursor` is what the last checkpoint kept, empty at first: the function goes on from there. `done`,
    `total` and `counts` are what people are shown.
    """

    def __init__(self, run: Run, checkpoint: RunCheckpoint) -> None:
        self.run_id, self.token = run.pk, run.token
        self.cursor: dict[str, Any] = dict(checkpoint.cursor)
        self.done, self.total = checkpoint.done, run.total
        self.counts: Counter[str] = Counter(checkpoint.counts)
        self._lines: list[dict[str, str]] = list(run.log)
        self._state: str = run.state
        self._written = 0.0
        self._alone = True
        self._mutex = threading.Lock()

    def expect(self, total: int) -> None:
        """Say how many things there are to do."""
        self.total = total
        self._told()

    def advance(self, by: int = 1, **counts: int) -> None:
        """Say that `by` more things are done, and what became of them: advance(100, created=98, refused=2).

        Raises RunCancelled or RunLost when the work shall end; let them pass.
        """
        with self._mutex:
            self.done += by
            self.counts.update(counts)
        self._told()

    def say(self, line: str) -> None:
        """Put a line into the run's log, which keeps the newest ones."""
        with self._mutex:
            self._lines = _with(self._lines, line)
        self._told()

    def checkpoint(self, **cursor: Any) -> None:
        """Keep how far the work is, in the work's own transaction, which must be open.

        Refused with RunLost where another worker has the run by now, so that nothing is committed twice.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("A checkpoint belongs into the transaction of the work it keeps.")
        self._told()
        mine = RunCheckpoint.objects.filter(run_id=self.run_id, token=self.token)
        if not mine.update(cursor=cursor, done=self.done, counts=dict(self.counts)):
            raise RunLost
        self.cursor = cursor

    def _told(self) -> None:
        if self._alone and time.monotonic() - self._written > EVERY:
            self.write()
        if self._state == Run.State.CANCELLING:
            raise RunCancelled
        if self._state != Run.State.RUNNING:
            raise RunLost

    def figures(self) -> dict[str, Any]:
        """What the run's row shows."""
        with self._mutex:
            return {
                "done": self.done,
                "total": self.total,
                "counts": dict(self.counts),
                "log": list(self._lines),
            }

    def write(self) -> None:
        """Show the progress, keep the lease, and learn what has become of the run."""
        figures = self.figures()
        values = (
            figures["done"],
            figures["total"],
            json.dumps(figures["counts"]),
            json.dumps(figures["log"]),
        )
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [*values, lease().total_seconds(), self.run_id, self.token])
            found = cursor.fetchone()
        self._state = found[0] if found else ""
        self._written = time.monotonic()

    @contextmanager
    def kept(self) -> Iterator[Progress]:
        """Writes while the work goes on."""
        self._alone = connection.in_atomic_block
        if self._alone:
            yield self
            return
        ended = threading.Event()
        writer = threading.Thread(target=self._keep, args=(ended,), name=f"run {self.run_id}", daemon=True)
        writer.start()
        try:
            yield self
        finally:
            ended.set()
            writer.join()

    def _keep(self, ended: threading.Event) -> None:
        shown: dict[str, Any] = {}
        try:
            while not ended.wait(EVERY):
                late = time.monotonic() - self._written > lease().total_seconds() / 6
                changed = self.figures() != shown
                shown = self.figures()
                self._attempt(self.write if late or changed else self._look)
        finally:
            connections.close_all()

    def _look(self) -> None:
        """Learn whether somebody cancelled, without writing."""
        held = Run.objects.filter(pk=self.run_id, token=self.token, state__in=Run.HELD)
        self._state = held.values_list("state", flat=True).first() or ""

    def _attempt(self, what: Callable[[], None]) -> None:
        try:
            what()
        except DatabaseError:
            log.warning("The progress of run %s could not be written.", self.run_id, exc_info=True)
            connection.close()


def claim(run: Run, checkpoint: RunCheckpoint) -> Progress:
    """Take a locked run for this worker; every earlier claim loses its right to write."""
    run.token += 1
    run.state = Run.State.RUNNING
    run.log = _with(run.log, "Taken up again where it was left.") if run.token > 1 else run.log
    Run.objects.filter(pk=run.pk).update(
        token=run.token,
        state=run.state,
        log=run.log,
        lease_until=Now() + lease(),
        started_at=run.started_at or Now(),
    )
    RunCheckpoint.objects.filter(pk=run.pk).update(token=run.token)
    return Progress(run, checkpoint)
