"""What else is known of a lead, beside the lead itself: each slice says what of its own goes with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`blank` gets ids of leads whose personal data goes, in the transaction that blanks them."""

    name: str
    blank: Callable[[Collection[int], datetime], object]
    order: int = 100


forgotten: Registry[Forgotten] = Registry("forgotten")
