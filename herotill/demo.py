"""Demo data: each app registers its part, and the parts make a believable ISP one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time

from herotill.clock import moment
from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What is asked for: how many customers, how many months of history, from which seed, up to which day.

    `now` is the moment at which what is live looks live.
    """

    customers: int
    months: int
    seed: int
    today: date
    say: Callable[[str], None]
    now: datetime | None = None

    @property
    def moment(self) -> datetime:
        """The moment at which it is made: `now`, or noon of the day."""
        return self.now or moment(self.today, time(12))


@dataclass(frozen=True, slots=True)
class DemoPart:
    """One app's part of the demo. `make` does nothing for what stands already, so it may run again."""

    name: str
    make: Callable[[DemoOrder], None]
    order: int = 100


demo_parts: Registry[DemoPart] = Registry("demo part")


@dataclass(frozen=True, slots=True)
class StandIn:
    """A server that stands in for a partner while the demo runs, as a program of its own.

    `serve` runs it on a port of this machine for as long as its context lasts; `environment` says where it is
    to the other programs, given its address.
    """

    name: str
    serve: Callable[[int], AbstractContextManager[object]]
    environment: Callable[[str], Mapping[str, str]]
    order: int = 100


stand_ins: Registry[StandIn] = Registry("stand-in of the demo")
