"""Real worker processes against a test's database, with a part of the broker of their own."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from tests.house.orders import Orders, Worker

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a test that waits in vain gives up


def database_url() -> str:
    """The address of the database this test works on: that of the settings, with another name at its end."""
    address, _, options = settings.DATABASE_URL.partition("?")
    own = f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    return f"{own}?{options}" if options else own


class Workers:
    """Starts workers and other programs of the house; ends them all at the end."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.prefix = f"test-{secrets.token_hex(4)}:"
        self.running: list[subprocess.Popen[bytes] | Worker] = []
        self.orders: Orders | None = None
        self.sender: Celery | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "herotill.settings",
            "EXTRA_APPS": "tests.sampleapp",
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
            "QUEUE_PREFIX": self.prefix,
            "RUN_LEASE_SECONDS": "2",
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts `celery …`, in a process group of its own."""
        command = [sys.executable, "-m", "celery", "--app", "herotill", *words]
        with (self.logs / f"{words[0]}-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def worker(self) -> Worker:
        begun = Worker(self._to_order(), str(self.logs / f"worker-{len(self.running)}.log"))
        self.running.append(begun)
        return begun

    def call(self, code: str) -> None:
        """Runs a line of Python in a process of the house."""
        assert self._to_order().give(code=code) == 0, code

    def _to_order(self) -> Orders:
        """The process that forks the others; it begins with the first order, when the environment is told."""
        if self.orders is None:
            self.orders = Orders(self.environment, ROOT)
        assert self.orders.environment == self.environment, "The environment is told before the first order."
        return self.orders

    def send(self, task: str, *args: object, queue: str, shadow: str) -> None:
        """Asks the workers for a task over the real broker, as `herotill.celery.send` does."""
        if not self.sender:
            self.sender = Celery(
                "tests", broker=settings.REDIS_URL.replace("unix://", "redis+socket://"), set_as_current=False
            )
            self.sender.conf.broker_transport_options = {"global_keyprefix": self.prefix}
        self.sender.send_task(f"house.{task}", args=args, queue=queue, shadow=shadow)

    def of(self, pid: int) -> subprocess.Popen[bytes] | Worker:
        """The worker whose child this process is."""
        return next(process for process in self.running if process.pid == os.getpgid(pid))

    def sweep(self) -> None:
        """What beat has done each minute."""
        self.call("from herotill import jobs; jobs.carry_out('runs-sweep', now=timezone.now())")

    def kill(self, process: subprocess.Popen[bytes] | Worker) -> None:
        """SIGKILL to the worker and its children, as when a machine goes."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)
        if self.orders:
            self.orders.end()
        if self.sender:
            self.sender.close()
        broker = redis.Redis.from_url(settings.REDIS_URL)
        for key in broker.scan_iter(f"{self.prefix}*"):
            broker.delete(key)
        broker.close()

    def told(self) -> str:
        """What the programs wrote, for a test that failed."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in sorted(self.logs.iterdir()))

    def wait(self, until: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
        """Waits until something is so; fails with the logs if it never is."""
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, self.told()
            meanwhile()
            time.sleep(0.1)


@contextmanager
def workers(logs: Path) -> Iterator[Workers]:
    made = Workers(logs)
    try:
        yield made
    finally:
        made.end()
