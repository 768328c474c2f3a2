"""A process that knows the product and forks a child for each order; children kill themselves where they are told.

Read on standard input: a line of JSON with `do` (month_end, generate), `kill_at` (die by SIGKILL before the
n-th statement) and what the deed needs. Answered with the child's exit code; -9 where it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUSY = 3


class Chaos:
    """Starts the process; `do` gives it an order and waits for how it ended, `both` gives two at once."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.billing.chaos"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        )
        assert self.process.stdin
        assert self.process.stdout
        self.into, self.out = self.process.stdin, self.process.stdout

    def all_of(self, *orders: dict[str, Any]) -> list[int]:
        """The exit codes of some orders carried out at the same time."""
        self.into.write(json.dumps(orders) + "\n")
        self.into.flush()
        codes: list[int] = json.loads(self.out.readline())
        return codes

    def end(self) -> None:
        self.into.close()
        self.process.wait(20)
        self.out.close()


def _killed_at(statement: int) -> None:
    """Die before the n-th statement of all threads, as if the power went."""
    from django.db.backends.signals import connection_created

    left, one_by_one = iter(range(statement - 1, -1, -1)), threading.Lock()

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        with one_by_one:
            if next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    def listen(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(count)

    connection_created.connect(listen, weak=False)


def _month_end(order: dict[str, Any]) -> int:
    from billing.models import MonthEnd
    from billing.services import charging, month_end_runs

    charging.AT_ONCE = month_end_runs.AT_ONCE = order["at_once"]
    one = MonthEnd.objects.get(pk=order["month_end"])
    for kind in order["kinds"]:
        run = month_end_runs.perform(kind=kind, of=one, actor=None)
        if run.is_open:
            return BUSY
        if run.state != "done":
            return 1
    return 0


def _generate(order: dict[str, Any]) -> int:
    from datetime import date

    from billing.services import charging, drafting
    from herotill.months import Month

    month = Month.of(date.fromisoformat(order["month"]))
    for customer in order["customers"]:
        charging.generate(customers=[customer], month=month)
        drafting.draft(
            customers=[customer], period=month.first, upto=month.first, dated=month.last, actor=None
        )
    return 0


def _suspend(order: dict[str, Any]) -> int:
    from datetime import date

    from billing.services.suspensions import running
    from tests.factories.suspensions import at

    running.AT_ONCE = order["at_once"]
    day = date.fromisoformat(order["day"])
    running.run(day, at(day))
    return 0


DEEDS = {"month_end": _month_end, "generate": _generate, "suspend": _suspend}


def _child(order: dict[str, Any]) -> None:
    code = 1
    try:
        if order.get("kill_at"):
            _killed_at(order["kill_at"])
        code = DEEDS[order["do"]](order)
    finally:
        os._exit(code)


def _carried_out(orders: list[dict[str, Any]]) -> list[int]:
    children = []
    for order in orders:
        child = os.fork()
        if child == 0:
            _child(order)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(_carried_out(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
