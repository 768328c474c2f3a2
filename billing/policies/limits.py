"""Whether a credit takes a second person. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from herotill.money import ZERO

LIMITED = frozenset({"credit_note", "write_off"})


def limit(of_roles: Iterable[Decimal]) -> Decimal:
    """What somebody in these roles may credit one customer alone within a day: the greatest of their roles' limits."""
    return max(of_roles, default=ZERO)


def credited(*, kind: str, amount: Decimal) -> Decimal:
    """What a document counts against the limit: a credit note or write-off, and what an adjustment takes away."""
    if kind == "adjustment":
        return max(-amount, ZERO)
    return amount if kind in LIMITED else ZERO
