"""Routers that stand in: RouterOS's API and SNMP 2c on this machine, with the radios they are given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from typing import Any, Self

from puresnmp.pdu import GetResponse, PDUContent
from puresnmp.varbind import VarBind
from x690 import decode
from x690.types import Integer, ObjectIdentifier, OctetString, Sequence

from herotill.integrations.mikrotik.live import STRENGTHS, TABLES


class _InThread:
    """Something that serves in a thread until its block ends."""

    port: int

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.stop.set()
        self.thread.join()
        self.close()

    def serve(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class ApiStandIn(_InThread):
    """The API: words with their length before them, in sentences. `old` names radios as before RouterOS 7.13."""

    def __init__(
        self, radios: Mapping[str, str], *, user: str = "herotill", password: str = "radio", old: bool = True
    ) -> None:
        self.radios, self.user, self.password = radios, user, password
        self.table, self.column = TABLES[0 if old else 1]
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.05)
        self.port = self.server.getsockname()[1]
        super().__init__()

    def close(self) -> None:
        self.server.close()

    def serve(self) -> None:
        while not self.stop.is_set():
            try:
                line, _ = self.server.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(5)
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        known = False
        while said := _sentence(line):
            command, values = said[0], dict(word[1:].split("=", 1) for word in said[1:] if word[:1] == "=")
            if command == "/login":
                known = (values.get("name"), values.get("password")) == (self.user, self.password)
                _say(line, ["!done"] if known else ["!trap", "=message=invalid user name or password (6)"])
                if not known:
                    _say(line, ["!done"])
            elif known and command == f"{self.table}/print":
                for mac, strength in self.radios.items():
                    _say(line, ["!re", f"=mac-address={mac}", f"={self.column}={strength}"])
                _say(line, ["!done"])
            else:
                _say(line, ["!trap", "=message=no such command prefix"])
                _say(line, ["!done"])


def _sentence(line: socket.socket) -> list[str]:
    """The words up to the empty one; none where the line was closed. Ours are shorter than 128 octets."""
    words: list[str] = []
    while length := line.recv(1):
        if not length[0]:
            return words
        word = b""
        while len(word) < length[0]:
            word += line.recv(length[0] - len(word))
        words.append(word.decode())
    return []


def _say(line: socket.socket, words: list[str]) -> None:
    line.sendall(b"".join(bytes([len(word)]) + word.encode() for word in words) + b"\0")


class SnmpStandIn(_InThread):
    """SNMP 2c: a walk over the strengths of radios. To another community it says nothing."""

    def __init__(self, radios: Mapping[str, int], *, community: str = "radio") -> None:
        self.community = community.encode()
        self.rows = sorted(
            (tuple(int(octet, 16) for octet in mac.split(":")), strength) for mac, strength in radios.items()
        )
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.05)
        self.port = self.socket.getsockname()[1]
        super().__init__()

    def close(self) -> None:
        self.socket.close()

    def serve(self) -> None:
        while not self.stop.is_set():
            try:
                data, sender = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            if reply := self._reply(data):
                self.socket.sendto(reply, sender)

    def _reply(self, data: bytes) -> bytes | None:
        message: Any = decode(data)[0]
        if message[1].value != self.community:
            return None
        asked = message[2].value
        content = PDUContent(asked.request_id, [self._after(str(asked.varbinds[0].oid))])
        return bytes(Sequence([Integer(1), OctetString(self.community), GetResponse(content)]))

    def _after(self, oid: str) -> VarBind:
        """The row after this place, or the first thing beyond the table."""
        begin = str(STRENGTHS)
        for octets, strength in self.rows:
            index = (*octets, 1)
            here = tuple(int(one) for one in oid.removeprefix(begin).strip(".").split(".") if one)
            if index > here:
                name = ".".join(str(one) for one in index)
                return VarBind(ObjectIdentifier(f"{begin}.{name}"), Integer(strength))
        return VarBind(ObjectIdentifier("1.3.6.1.4.1.14988.1.1.1.3.0"), Integer(0))
