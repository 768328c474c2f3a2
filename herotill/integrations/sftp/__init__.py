"""The port of files left for us on another machine: which there are, and what stands in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    def files(self, folder: str) -> list[Left]: ...
    def read(self, folder: str, name: str, largest: int) -> bytes: ...
