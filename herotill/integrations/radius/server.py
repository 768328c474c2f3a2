"""A FreeRADIUS of our own on this machine, with the configuration the repository ships: for tests and the demo."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import sample
from types import TracebackType
from typing import Self

PROGRAM = shutil.which("freeradius") or shutil.which("radiusd") or ""
CONFIGURATION = Path(__file__).resolve().parents[3] / "deploy" / "freeradius"
MISSING = (
    "FreeRADIUS is not installed: apt-get install --no-install-recommends"
    " freeradius freeradius-postgresql freeradius-utils"
)
LOOPBACK = "127.0.0.0/8"
PATIENCE = 15.0  # seconds until it must be ready


class FreeRadius:
    """A server on two free loopback ports, up for as long as the `with` lasts.

    `database` is libpq's connection string without a password, which is `password`. `user` is the system user it
    runs as, by id, where we are root. `settings` overrides what the configuration takes from the environment.
    """

    def __init__(
        self,
        *,
        database: str,
        password: str,
        user: tuple[int, int] | None = None,
        settings: Mapping[str, str] | None = None,
        configuration: Path = CONFIGURATION,
    ) -> None:
        self.auth_port, self.acct_port = free_ports(2)
        self.home = Path(tempfile.mkdtemp(prefix="herotill-radius-"))
        self.log = self.home / "log"
        self.user = user
        self.configuration = configuration
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "TZ": os.environ.get("TZ", "Africa/Johannesburg"),
            "RADIUS_CONFIG": str(self.home / "config"),
            "RADIUS_RUN": str(self.home),
            "RADIUS_ROUTERS": LOOPBACK,
            "RADIUS_REMEMBER": "1",
            "RADIUS_REJECT_DELAY": "0",
            "RADIUS_LISTEN": "127.0.0.1",
            "RADIUS_AUTH_PORT": str(self.auth_port),
            "RADIUS_ACCT_PORT": str(self.acct_port),
            "RADIUS_DATABASE": database,
            "PGPASSWORD": password,
        } | dict(settings or {})

    def __enter__(self) -> Self:
        self._settle()
        with self.log.open("ab") as log:
            uid, gid = self.user or (None, None)
            self.process = subprocess.Popen(
                [PROGRAM, "-f", "-l", "stdout", "-d", str(self.home / "config")],
                env=self.environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=uid,
                group=gid,
                extra_groups=() if self.user else None,
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text(errors="replace")

    def _settle(self) -> None:
        """A copy of the configuration that its user alone may read; it refuses one that others may write."""
        shutil.copytree(self.configuration, self.home / "config")
        for path in [self.home, *self.home.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
            if self.user:
                os.chown(path, *self.user)

    def _wait(self) -> None:
        """Until it says that it is ready; RuntimeError with its last words where it ends before."""
        assert self.process
        until = time.monotonic() + PATIENCE
        while "Ready to process requests" not in self.said():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("FreeRADIUS did not start.\n" + "\n".join(self.said().splitlines()[-15:]))
            time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    """Loopback ports for UDP that nobody uses, above 15000 and below those a kernel hands out."""
    found: list[int] = []
    for port in sample(range(15001, 32000), 200):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("There is no free port on 127.0.0.1.")
