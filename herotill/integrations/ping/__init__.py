"""The port of pings: whether a machine hears us, and how fast it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back of so many echo requests; times in milliseconds, to a tenth."""

    address: str
    sent: int
    received: int
    fastest: float = 0.0
    average: float = 0.0
    slowest: float = 0.0


class Pinger(Protocol):
    """A way to ask. It takes a few seconds at most, and raises IntegrationError where it cannot ask at all."""

    def ping(self, address: str) -> Heard: ...
