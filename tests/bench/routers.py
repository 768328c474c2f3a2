"""Routers that stand in, in a process of their own, so that they cost the one that is measured nothing."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

from herotill.integrations.radius.standin import NasStandIn


@contextlib.contextmanager
def serving(count: int, secret: str) -> Iterator[Connection]:
    """Routers at 127.0.1.1 and on. They tell their ports; asked, the most that one of them heard in a second."""
    alone = multiprocessing.get_context("spawn")
    ours, theirs = alone.Pipe()
    process = alone.Process(target=_serve, args=(theirs, count, secret.encode()))
    process.start()
    theirs.close()  # So that a process that has died is noticed.
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, count: int, secret: bytes) -> None:
    with contextlib.ExitStack() as stack:
        towers = [stack.enter_context(NasStandIn(secret, address=f"127.0.1.{n + 1}")) for n in range(count)]
        pipe.send([one.port for one in towers])
        pipe.recv()
        pipe.send(max(one.busiest() for one in towers))
