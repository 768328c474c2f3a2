"""A router that stands in: it takes CoA and Disconnect on this machine as RFC 5176 says, and misbehaves when told.

It knows the sessions it was given (all, where none were), and keeps when and what it was asked.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from typing import Any, Self

from pyrad import packet
from pyrad.packet import CoAPacket

from herotill.integrations.radius import dictionary
from herotill.integrations.radius.control import NOT_FOUND

CUT, CHANGE = "cut", "change"
IDENTIFIES = ("User-Name", "Acct-Session-Id", "Framed-IP-Address")


class NasStandIn:
    """One router on a free port of `address`, in a thread.

    `refuse(cause, only=CHANGE)` has it say no (None: without a cause), `silent` say nothing, `lose(2)` miss
    the next two packets. A request signed with another secret it does not answer, as a router would.
    """

    def __init__(
        self,
        secret: bytes = b"stand-in",
        *,
        sessions: Iterable[str] | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.secret, self.silent = secret, False
        self.sessions = None if sessions is None else set(sessions)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.times: list[float] = []
        self.repeats = self.unsigned = 0
        self._refusals: dict[str, int | None] = {}
        self._lose = 0
        self._seen: set[bytes] = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        self.socket.bind((address, 0))
        self.socket.settimeout(0.05)
        self.address, self.port = self.socket.getsockname()
        self._stop = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._stop.set()
        self.thread.join()
        self.socket.close()

    def refuse(self, cause: int | None, *, only: str = "") -> None:
        self._refusals = {kind: cause for kind in (CUT, CHANGE) if only in ("", kind)}

    def lose(self, packets: int) -> None:
        self._lose = packets

    def cuts(self) -> list[dict[str, Any]]:
        return [values for kind, values in self.asked if kind == CUT]

    def changes(self) -> list[dict[str, Any]]:
        return [values for kind, values in self.asked if kind == CHANGE]

    def busiest(self, seconds: float = 1.0) -> int:
        """The most packets that came within so many seconds."""
        most = first = 0
        for last, at in enumerate(self.times):
            while at - self.times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                data, sender = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            if reply := self._reply(data):
                self.socket.sendto(reply, sender)

    def _reply(self, data: bytes) -> bytes | None:
        self.times.append(time.monotonic())
        asked = CoAPacket(secret=self.secret, dict=dictionary(), packet=data)
        if not asked.VerifyCoARequest():
            self.unsigned += 1
            return None
        if self._lose > 0 or self.silent:
            self._lose -= 1
            return None
        self.repeats += data[:20] in self._seen
        self._seen.add(data[:20])
        return self._answer(asked)

    def _answer(self, asked: CoAPacket) -> bytes:
        kind = CUT if asked.code == packet.DisconnectRequest else CHANGE
        values = {str(name): asked[name][0] for name in asked.keys()}  # noqa: SIM118  a packet iterates by number
        self.asked.append((kind, values))
        reply = asked.CreateReply()
        if kind in self._refusals or not self._has(values):
            reply.code = packet.DisconnectNAK if kind == CUT else packet.CoANAK
            cause = self._refusals.get(kind, NOT_FOUND)
            if cause is not None:
                reply["Error-Cause"] = cause
        elif kind == CUT and self.sessions is not None:
            self.sessions.discard(values["Acct-Session-Id"])
        return bytes(reply.ReplyPacket())

    def _has(self, values: dict[str, Any]) -> bool:
        """Whether one session is meant: by all that MikroTik wants to identify it, or there is none."""
        if any(name not in values for name in IDENTIFIES):
            return False
        return self.sessions is None or values["Acct-Session-Id"] in self.sessions
