"""Which rows of a file are records at all (rule 3, first part)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from customers.policies.importing.outcome import Action
from herotill.imports.columns import Columns

_TOTALS = re.compile("(?:totals?|grand total) ?:?", re.IGNORECASE)


class Triage:
    """Goes through the rows of one file in order and remembers which records it has seen."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._seen: set[bytes] = set()

    def judge(self, texts: Sequence[str]) -> tuple[Action, str] | None:
        """What to do with a row that is no record, and why; None for a record."""
        if not any(texts):
            return Action.SKIP, "blank_row"
        if _is_total(self._columns.by_field(texts)):
            return Action.SKIP, "totals_row"
        if len(texts) != len(self._columns.fields):
            return Action.REFUSE, "wrong_columns"
        return (Action.SKIP, "duplicate_row") if self._is_repeated(texts) else None

    def _is_repeated(self, texts: Sequence[str]) -> bool:
        mark = blake2b("\0".join(texts).encode(), digest_size=16).digest()
        repeated = mark in self._seen
        self._seen.add(mark)
        return repeated


def _is_total(cells: dict[str, str]) -> bool:
    named = any(cells.get(field) for field in ("company_name", "person", "surname", "names"))
    return not named and _TOTALS.fullmatch(cells.get("code", "")) is not None
