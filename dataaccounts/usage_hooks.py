"""Who wants to know that accounts have used something: caps and notices, told in the transaction that counts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class UsageHook:
    """Gets the ids of the accounts whose usage a batch changed, and the time. What it raises undoes the batch."""

    name: str
    told: Callable[[Sequence[int], datetime], None]
    order: int = 100


usage_hooks: Registry[UsageHook] = Registry("usage hook")


def tell(accounts: Sequence[int], now: datetime) -> None:
    """Tell all of them, in their order."""
    if accounts:
        for hook in usage_hooks:
            hook.told(accounts, now)
