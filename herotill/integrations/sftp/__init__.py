"""The port of files left for us on another machine: which there are, and what stands in one."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")


def host_key(text: str) -> tuple[str, bytes]:
    """The kind and the octets of a key as `ssh-keyscan` prints it, with or without the host before it.

    Raises ValueError where it is none.
    """
    words = text.split()
    place = next((place for place, word in enumerate(words) if word in KINDS), None)
    if place is None or len(words) < place + 2:
        raise ValueError("This is no host key. It looks like: ssh-ed25519 AAAA…")
    try:
        octets = base64.b64decode(words[place + 1], validate=True)
    except binascii.Error:
        raise ValueError("The host key is not whole.") from None
    kind = words[place].encode()
    if not octets.startswith(len(kind).to_bytes(4, "big") + kind):
        raise ValueError("The host key is not of the kind it says.")
    return words[place], octets


@dataclass(frozen=True, slots=True)
class Account:
    """A log-in on a machine that speaks SFTP. `host_key` is the one it must show, as `ssh-ed25519 AAAA…`."""

    host: str
    port: int
    user: str
    password: str
    host_key: str


@dataclass(frozen=True, slots=True)
class Left:
    """A file that lies there: its name within the folder, how many bytes it has, and when it was last written."""

    name: str
    size: int
    written_at: datetime


class Shelf(Protocol):
    """A folder on that machine; used in a `with`, which ends the connection.

    All raise NotSent where the machine cannot be reached, shows another key or refuses us. Nothing is ever
    written, moved or deleted there.
    """

    def __enter__(self) -> Shelf: ...
    def __exit__(self, *about: object) -> None: ...
    def files(self, folder: str, pattern: str) -> list[Left]: ...
    def read(self, folder: str, name: str, largest: int) -> bytes: ...
