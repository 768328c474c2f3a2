"""Demo data: each app registers its part, and the parts make a believable ISP one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class DemoPart:
    """One app's part of the demo. `make` does nothing for what stands already, so it may run again."""

    name: str
    make: Callable[[DemoOrder], None]
    order: int = 100


demo_parts: Registry[DemoPart] = Registry("demo part")
