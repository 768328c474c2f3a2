"""The port of mailboxes: what waits in one, and where it is put when it was taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

PROCESSED, FAILED = "Processed", "Failed"


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is, and what opens it."""

    host: str
    port: int
    tls: bool
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits in the inbox; `size` in octets."""

    uid: str
    size: int


class Inbox(Protocol):
    """An open mailbox. Everything raises IntegrationError where the server does not do it."""

    def waiting(self, most: int, after: str = "") -> Sequence[Waiting]:
        """The oldest messages of the inbox, at most so many; only those behind the one with the UID `after`."""
        ...

    def read(self, uid: str) -> bytes | None:
        """A message as it is, which stays unread there; None if it is no longer there."""
        ...

    def put_away(self, uid: str, folder: str) -> None:
        """Move a message into a folder, which is made where there is none; one that is gone stays gone."""
        ...

    def close(self) -> None: ...
