"""What an import comes to: counts by outcome, reason and warning, a sum, and a digest of all decisions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from herotill.imports.kinds import ImportKind, Line
from herotill.models import ImportRow
from herotill.money import ZERO

OUTCOMES = tuple(ImportRow.Outcome.values)


class Tally:
    """Adds up lines as they go by."""

    def __init__(self, kind: ImportKind) -> None:
        self._kind = kind
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in ("outcome", "reason", "warning")}
        self._sum, self._amounts = ZERO, 0
        self._hash = hashlib.sha256()

    def add(self, line: Line) -> None:
        self._counts["outcome"][line.outcome] += 1
        if line.reason:
            self._counts["reason"][line.reason] += 1
        self._counts["warning"].update(line.warnings)
        if self._kind.sum and line.outcome == ImportRow.Outcome.CREATE:
            amount = self._kind.sum.of(line.values, self._kind.report)
            self._sum += amount
            self._amounts += bool(amount)
        self._hash.update(f"{line.number}\0{line.outcome}\0{line.reason}\0{line.code}\n".encode())

    @property
    def totals(self) -> dict[str, Any]:
        """The counts, as JSON keeps them; `amounts` is how many of those created bring one that is not zero."""
        counts = {name: dict(count) for name, count in self._counts.items()}
        return counts | {"sum": str(self._sum), "amounts": self._amounts}

    @property
    def digest(self) -> str:
        """The same as long as the same is done with the same lines."""
        return self._hash.hexdigest()


def count(totals: Mapping[str, Any], section: str, name: str) -> int:
    """How many lines `totals` count under a name."""
    return int(totals.get(section, {}).get(name, 0))


def amount(totals: Mapping[str, Any]) -> Decimal:
    return Decimal(totals.get("sum", "0.00"))


def in_words(kind: ImportKind, totals: Mapping[str, Any], *, done: bool) -> str:
    """`4,455 created, 90 updated, 387 refused, 68 skipped`; before it is done: `4,455 to create, …`."""
    words = (
        ("created", "updated", "refused", "skipped")
        if done
        else ("to create", "to update", "refused", "skipped")
    )
    return ", ".join(
        f"{count(totals, 'outcome', outcome):,} {word}" for outcome, word in zip(OUTCOMES, words, strict=True)
    )
