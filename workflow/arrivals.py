"""What is done when leads come to a list, in the transaction that moves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from herotill.registry import Registry
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class Arrival:
    """`function(lead_ids, actor, now)` is called with all leads that come to `step` by one move, once it is written.

    `actor` is None where they came by themselves. What it raises takes the move back.
    """

    step: str
    function: Callable[[Sequence[int], User | None, datetime], object]
    name: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", str(self.step))


arrivals: Registry[Arrival] = Registry("arrival")


def arrived(step: str, leads: Sequence[int], actor: User | None, now: datetime) -> None:
    """Do what is to be done for leads that have come to a list."""
    for arrival in arrivals:
        if leads and arrival.step == step:
            arrival.function(leads, actor, now)
