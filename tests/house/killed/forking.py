"""Workers that are there at once: a process that knows the product forks each, and a job is held where it is told.

Read on standard input: a line with the path of a log. Answered with the number of the worker that was begun.
In the folder HOLD_IN a file named after a job says at which of its statements the worker stops for good,
saying so in a file beside it, until it is killed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.house.orders import know_the_product, work
from tests.house.workers import ROOT, Workers


class Forks:
    """Begins workers for `house`, has jobs held and kills who holds one."""

    def __init__(self, house: Workers, folder: Path) -> None:
        self.house, self.folder = house, folder
        folder.mkdir()
        self.begun: list[int] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.house.killed.forking"],
            cwd=ROOT,
            env=house.environment | {"HOLD_IN": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def worker(self) -> None:
        """One more worker, in a process group of its own."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{self.house.logs / f'worker-{len(self.begun)}.log'}\n")
        self.process.stdin.flush()
        self.begun.append(int(self.process.stdout.readline()))

    def hold(self, job: str, at: str, *, before: bool) -> None:
        (self.folder / job).write_text(json.dumps({"at": at, "before": before}))

    def held(self, job: str) -> bool:
        return (self.folder / f"{job}.held").exists()

    def kill(self, job: str) -> None:
        """SIGKILL to the worker that holds a job, and to its children, as when a machine goes."""
        worker = os.getpgid(int((self.folder / f"{job}.held").read_text()))
        assert worker in self.begun
        self.begun.remove(worker)
        os.killpg(worker, signal.SIGKILL)

    def end(self) -> None:
        for worker in self.begun:
            os.killpg(worker, signal.SIGKILL)
        self.process.communicate(timeout=20)


def _hold_where_told(folder: Path) -> None:
    """Stop at the statement that a file names for the job that is at work here."""
    from celery.signals import task_prerun
    from django.db.backends.signals import connection_created

    at_work = [""]

    def begins(task: Any, args: Any, **_: Any) -> None:
        at_work[0] = args[0] if task.name == "house.job" else ""

    def look(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        job = at_work[0]
        asked = _asked(folder / job, str(sql)) if job else None
        if asked and asked["before"]:
            _stay(folder, job)
        done = execute(sql, *rest)
        if asked:
            _stay(folder, job)
        return done

    def listen(connection: Any, **_: Any) -> None:
        if look not in connection.execute_wrappers:
            connection.execute_wrappers.append(look)

    task_prerun.connect(begins, weak=False)
    connection_created.connect(listen, weak=False)


def _asked(path: Path, statement: str) -> dict[str, Any] | None:
    """What a file asks, where it is about this statement."""
    if not path.exists():
        return None
    asked: dict[str, Any] = json.loads(path.read_text())
    return asked if re.search(asked["at"], statement, re.DOTALL | re.IGNORECASE) else None


def _stay(folder: Path, job: str) -> None:
    (folder / job).unlink()
    aside = folder / f".{job}"
    aside.write_text(str(os.getpid()))
    aside.rename(folder / f"{job}.held")
    while True:
        signal.pause()


def _become_worker(log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        work(log)
    finally:
        os._exit(0)


def main() -> None:
    know_the_product()
    _hold_where_told(Path(os.environ["HOLD_IN"]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become_worker(line.strip())
        print(child, flush=True)


if __name__ == "__main__":
    main()
