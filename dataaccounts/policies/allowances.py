"""How much an account may use, and what follows from how much it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

THRESHOLDS = (50, 75, 90, 100)


class Added(NamedTuple):
    """A topping that counts: its octets, and what was used of the period when it was given."""

    octets: int
    used_before: int


def level(base: int, toppings: Sequence[Added], *, any_restores: bool) -> int:
    """The octets that may be used in the period: the allowance and what was added, oldest first.

    Where any topping brings the speed back, it counts from what had been used when it was given; otherwise it
    first pays for what was used beyond.
    """
    reached = base
    for one in toppings:
        reached = (max(reached, one.used_before) if any_restores else reached) + one.octets
    return reached


def percent(used: int, of: int) -> int:
    """Whole per cent, rounded down: 100 is reached only when all of it is used."""
    return used * 100 // of if of else 100


def reached(used: int, of: int) -> list[int]:
    """The thresholds that this use has reached."""
    return [one for one in THRESHOLDS if percent(used, of) >= one]
