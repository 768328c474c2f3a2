"""A router as the tests play it, by radclient, and a line to the database that can be cut."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from herotill.integrations.radius.server import FreeRadius
from tests.dataaccounts import mschap

RADCLIENT = shutil.which("radclient") or ""
MAC = "80:2A:A8:24:E8:61"
_NOON = 1796000000
_FIELDS = {"pap": "User-Password", "chap": "CHAP-Password", "mschap": "MS-CHAP-Password"}


@dataclass(frozen=True)
class Answer:
    """What came back: the packet's name, empty for silence, and its attributes."""

    code: str
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return self.code == "Access-Accept"

    @property
    def told(self) -> dict[str, str]:
        """The attributes that say something to the router."""
        return {
            name: value
            for name, value in self.attributes.items()
            if name != "Message-Authenticator" and not name.startswith("MS-CHAP") and "MPPE" not in name
        }


@dataclass(frozen=True)
class Router:
    """Asks `server` from `address`, with `secret`."""

    server: FreeRadius
    secret: str
    address: str = "127.0.0.2"
    signs: bool = True

    def login(self, user: str, password: str, how: str = "pap", mac: str = MAC, **more: Any) -> Answer:
        proof: dict[str, Any] = (
            {_FIELDS[how]: password} if how in _FIELDS else mschap.attributes(user, password)
        )
        lines = {"User-Name": user, **proof, "Calling-Station-Id": mac, **_attributes(more)}
        if self.signs:
            lines["Message-Authenticator"] = b"0x00"
        return self._sent("auth", self.server.auth_port, lines)

    def report(self, kind: str, user: str, session: str = "81600001", **more: Any) -> Answer:
        """An accounting packet. `at` is seconds after an agreed noon."""
        lines: dict[str, Any] = {
            "User-Name": user,
            "NAS-Identifier": "tower1",
            "NAS-Port": 15728641,
            "NAS-Port-Id": "bridge1",
            "Calling-Station-Id": MAC,
            "Acct-Session-Id": session,
            "Acct-Status-Type": kind.encode(),
            "Event-Timestamp": _NOON + more.pop("at", 0),
            "Framed-IP-Address": b"100.64.0.10",
        } | _attributes(more)
        return self._sent("acct", self.server.acct_port, lines)

    def restarted(self, at: int) -> Answer:
        lines = {"Acct-Status-Type": b"Accounting-On", "Acct-Session-Id": "0", "Event-Timestamp": _NOON + at}
        return self._sent("acct", self.server.acct_port, lines)

    def _sent(self, kind: str, port: int, lines: dict[str, Any]) -> Answer:
        text = "\n".join(f"{name} = {_written(value)}" for name, value in lines.items())
        done = subprocess.run(
            [RADCLIENT, "-x", "-t", "1", "-r", "1", f"127.0.0.1:{port}", kind, self.secret],
            input=f"{text}\nPacket-Src-IP-Address = {self.address}\n",
            capture_output=True,
            text=True,
        )
        return _read(done.stdout)


def _attributes(more: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in more.items()}


def _written(value: Any) -> str:
    """Text stands in quotation marks; what is given as bytes stands as it is."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _read(output: str) -> Answer:
    found = re.search(r"^Received (\S+) Id .*$((?:\n\t.*)*)", output, re.M)
    if not found:
        return Answer("")
    pairs = [line.strip().split(" = ", 1) for line in found[2].splitlines() if " = " in line]
    return Answer(found[1], {name: value.strip('"') for name, value in pairs})


class Line:
    """A socket in `folder` before the database's own at `target`; `cut` takes the database away."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.target = str(target)
        self.path = folder / target.name
        self.lock = threading.Lock()
        self.open: list[socket.socket] = []
        self.up = True
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.path))
        self.path.chmod(0o777)
        self.door.listen(64)
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        with self.lock:
            self.up = False
            for one in self.open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self.open.clear()

    def mend(self) -> None:
        self.up = True

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.door.accept()
                if not self.up:
                    here.close()
                    continue
                there = socket.socket(socket.AF_UNIX)
                there.connect(self.target)
                with self.lock:
                    self.open += [here, there]
                for source, goal in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(source, goal), daemon=True).start()


def _carry(source: socket.socket, goal: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            goal.sendall(data)
    for one in (source, goal):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
