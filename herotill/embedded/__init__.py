"""PostgreSQL and Redis out of Python wheels, for the demo, the tests and a developer's machine.

Whoever has no DATABASE_URL or REDIS_URL asks `addresses()`. What is missing is started then, once, however
many ask at the same time, and stays for the next command until `python -m herotill.embedded stop`.

Both servers listen on Unix sockets only, in a folder nobody else may enter, and want a password.
"""

from __future__ import annotations

import contextlib
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from herotill.embedded import postgres, redis
from herotill.embedded.place import Place, Trouble, kept_secret, locked

__all__ = ["RUN", "Addresses", "Trouble", "account", "addresses", "login", "running", "secret", "stop"]

if TYPE_CHECKING:
    import psutil

RUN = Path(os.environ.get("RUN_DIR") or Path(__file__).resolve().parents[2] / ".run").absolute()


class Server(Protocol):
    """What `postgres` and `redis` have in common."""

    NAME: str

    def answers(self, place: Place) -> bool: ...
    def start(self, place: Place) -> None: ...
    def stop(self, place: Place) -> bool: ...
    def process(self, place: Place) -> psutil.Process | None: ...


SERVERS: tuple[Server, ...] = (postgres, redis)


class Addresses:
    """Where the servers of the checkout whose run folder is `run` are. To ask for one starts it."""

    def __init__(self, run: Path) -> None:
        self.run = run

    @cached_property
    def database_url(self) -> str:
        """For DATABASE_URL: postgres://name:password@//socket-folder/database."""
        place = self._with(postgres)
        return f"postgres://{postgres.ROLE}:{place.password}@/{quote(str(place.sockets))}/{postgres.DATABASE}"

    @cached_property
    def redis_url(self) -> str:
        """For REDIS_URL: unix://:password@/socket."""
        place = self._with(redis)
        return f"unix://:{place.password}@{quote(str(redis.socket_path(place)))}"

    def _with(self, server: Server) -> Place:
        place = Place.known(self.run)
        if place and server.answers(place):
            return place
        with locked(self.run):
            place = Place.known(self.run)
            if place and server.answers(place):
                return place
            place = Place.settle(self.run)
            server.start(place)
            return place


def addresses(run: Path = RUN) -> Addresses:
    """The addresses of this checkout's servers."""
    return Addresses(run)


def secret(name: str, run: Path = RUN) -> str:
    """A secret that a checkout without settings of its own makes for itself, once, and keeps."""
    with contextlib.suppress(FileNotFoundError):
        return (run / name).read_text()
    with locked(run):
        return kept_secret(run / name)


def login(name: str, run: Path = RUN) -> str:
    """Makes a role that may log in to the embedded PostgreSQL and nothing more; its password."""
    with locked(run):
        place = Place.known(run)
        if not place or not postgres.answers(place):
            raise Trouble("The embedded PostgreSQL does not run.")
        postgres.login(place, name)
        return place.password


def account(run: Path = RUN) -> tuple[int, int] | None:
    """The system user the servers run as, and who alone reaches their sockets; None where that is us."""
    place = Place.known(run)
    return (place.account.uid, place.account.gid) if place and place.account else None


def running(run: Path = RUN) -> dict[str, int]:
    """The process ids of this checkout's servers that are up, by name."""
    place = Place.known(run)
    found = {server.NAME: server.process(place) for server in SERVERS} if place else {}
    return {name: process.pid for name, process in found.items() if process}


def stop(run: Path = RUN) -> list[str]:
    """Ends this checkout's servers in good order; the names of those that were up."""
    if not run.exists():
        return []
    with locked(run):
        place = Place.known(run)
        if not place:
            return []
        return [server.NAME for server in SERVERS if server.stop(place)]
