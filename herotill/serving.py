"""Runs several programs as one: all of them or none, and Ctrl-C ends the lot."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from herotill.network import is_loopback

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 15.0  # seconds a program gets to end by itself
PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


class Refused(RuntimeError):
    """The programs cannot run as asked; the text says why."""


@dataclass(frozen=True)
class Program:
    """What to run; its output goes to a file of its name."""

    name: str
    words: Sequence[str]


@dataclass
class Group:
    """Programs that live and end together, with their logs in `logs`."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    asked_to_end: threading.Event = field(default_factory=threading.Event)

    def start(self, programs: Sequence[Program]) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        for program in programs:
            with self.log(program.name).open("wb") as log:
                self.running[program.name] = subprocess.Popen(
                    program.words,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,
                )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def wait(self, until: Callable[[], bool] = lambda: False) -> None:
        """Waits for `until`, for being asked to end, or for a program that ends by itself (`Refused`)."""
        while not self.asked_to_end.wait(0.2) and not until():
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise Refused(f"{name} ended by itself ({process.returncode}):\n{self._last_words(name)}")

    def end(self) -> None:
        """Ends all, politely first."""
        for process in self.running.values():
            process.terminate()
        until = time.monotonic() + GRACE
        for process in self.running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _last_words(self, name: str) -> str:
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-15:])


@contextlib.contextmanager
def group(logs: Path) -> Iterator[Group]:
    """A group that ends with the block, with Ctrl-C, and when the terminal closes."""
    made = Group(logs)

    def ask(number: int, frame: FrameType | None) -> None:
        made.asked_to_end.set()

    before = {sign: signal.signal(sign, ask) for sign in ENDINGS}
    try:
        yield made
    finally:
        made.end()
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextlib.contextmanager
def only_one(path: Path, said: str) -> Iterator[None]:
    """Refuses, with what the first one `said`, while another process is in the block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Refused(file.read()) from error
        file.truncate(0)
        file.write(said)
        file.flush()
        yield


def must_be_loopback(host: str) -> None:
    """The demo's passwords are known to everybody, so nobody beyond this machine may reach it."""
    if not host or (host != "localhost" and not is_loopback(host.strip("[]"))):
        raise Refused(
            f"The demo's passwords are known: it serves this machine only, not {host or 'every address'}."
        )


def must_be_free(host: str, port: int) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Port {port} is taken ({error.strerror}). Another: make demo PORT={port + 1}"
            ) from error


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def answers(url: str) -> bool:
    with contextlib.suppress(URLError, OSError), urlopen(url, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
