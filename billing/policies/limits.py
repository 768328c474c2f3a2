"""Whether a credit takes a second person. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from herotill.money import ZERO

LIMITED = frozenset({"credit_note", "write_off"})


def limit(of_roles: Iterable[Decimal]) -> Decimal:
    """What somebody in these roles may credit in one document alone: the greatest of their roles' limits."""
    return max(of_roles, default=ZERO)


def takes_two(*, kind: str, amount: Decimal, up_to: Decimal) -> bool:
    """Credit notes and write-offs over the limit, and adjustments that take away as much, wait for another."""
    if kind == "adjustment":
        return -amount > up_to
    return kind in LIMITED and amount > up_to
