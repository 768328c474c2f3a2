"""A process that knows the product and forks a child for each order, which therefore need not begin with Django.

Read on standard input: a line of JSON, of which one is given: `code`, Python to carry out, answered with the
child's exit code; `worker`, the path of a log, answered with the number of the worker that was begun, in a
process group of its own; `bury`, the number of a worker that is about to end, answered when it has.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

WORDS = ("worker", "--concurrency=1", "--loglevel=INFO", "--without-gossip", "--without-mingle")


class Orders:
    """Begins the process with this environment; it ends with `end`, and no worker with it."""

    def __init__(self, environment: dict[str, str], folder: os.PathLike[str]) -> None:
        self.environment = dict(environment)
        self.one_by_one = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.house.orders"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def give(self, **order: Any) -> int:
        assert self.process.stdin
        assert self.process.stdout
        with self.one_by_one:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            return int(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate(timeout=20)


class Worker:
    """A worker that was forked, as the rest of the tests know a process."""

    def __init__(self, orders: Orders, log: str) -> None:
        self.orders = orders
        self.pid = orders.give(worker=log)
        self.ended = False

    def poll(self) -> int | None:
        return 0 if self.ended else None

    def wait(self) -> int:
        self.orders.give(bury=self.pid)
        self.ended = True
        return 0


def _forked(begin: Callable[[str], None], order: str) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            begin(order)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


def _carry_out(code: str) -> None:
    from django.utils import timezone

    os.dup2(2, 1)
    exec(code, {"timezone": timezone})


def work(log: str) -> None:
    """Be a worker, in a process group of its own, and write to this file."""
    from herotill.celery import app

    os.setpgid(0, 0)
    with open(log, "wb") as file, open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    app.worker_main([*WORDS, f"--hostname=worker-{os.getpid()}@%h"])


def know_the_product() -> None:
    """Read all that a child would otherwise read itself."""
    import django

    django.setup()
    from celery.bin import worker  # noqa: F401

    from herotill.celery import app

    app.loader.import_default_modules()
    app.finalize()


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _answer(order: dict[str, Any]) -> int:
    if "worker" in order:
        begun = _forked(work, order["worker"])
        os.setpgid(begun, begun)
        return begun
    return _ended(order["bury"] if "bury" in order else _forked(_carry_out, order["code"]))


def main() -> None:
    know_the_product()
    for line in sys.stdin:
        print(_answer(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
