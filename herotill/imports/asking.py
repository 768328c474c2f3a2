"""Who may import what: the right for the kind, and for each column the right that the screen asks (rule 22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herotill.access import may
from herotill.errors import DomainError
from herotill.imports import tally
from herotill.imports.fields import Field
from herotill.imports.kinds import ImportKind
from herotill.models import Import

ASK = "Ask your system administrator about your permissions."
UNSEEN = "••••"


def fields_for(kind: ImportKind, user: Any) -> dict[str, Field]:
    """The fields that this person may import, by name."""
    return {name: field for name, field in kind.fields.items() if may(user, field.permission)}


def left_out(kind: ImportKind, mapping: Mapping[str, str], user: Any) -> dict[str, str]:
    """What of a mapping the person may not import."""
    allowed = fields_for(kind, user)
    return {heading: name for heading, name in mapping.items() if name in kind.fields and name not in allowed}


def check_columns(kind: ImportKind, mapping: Mapping[str, str], user: Any) -> None:
    """Raises DomainError where the person may not import the kind, or one of the columns."""
    if not may(user, kind.permission):
        raise DomainError(f"You may not import {kind.nouns}. {ASK}")
    refused = left_out(kind, mapping, user)
    if refused:
        labels = ", ".join(kind.fields[name].label for name in refused.values())
        raise DomainError(
            f"You may not import: {labels}. Leave these columns out, or have somebody do it who may. {ASK}"
        )


def check_totals(kind: ImportKind, batch: Import, user: Any) -> None:
    """Raises DomainError where what the import does asks a right that the person lacks."""
    lacking = [
        need.sentence
        for need in kind.needs
        if tally.count(batch.totals, need.section, need.name) and not may(user, need.permission)
    ]
    if lacking:
        raise DomainError(f"{' '.join(lacking)} {ASK}")


class Sight:
    """What one person may see of the cells of one import, and of its report's columns (`may_see`)."""

    def __init__(self, kind: ImportKind, batch: Import, user: Any) -> None:
        see = {field.see for field in kind.fields.values() if field.see}
        self._all = all(may(user, right) for right in see)
        self._cells = [self._may_see(kind, batch, heading, user) for heading in batch.headings]
        self.may_see = [may(user, kind.private.get(column, "")) for column in kind.report]

    def _may_see(self, kind: ImportKind, batch: Import, heading: str, user: Any) -> bool:
        """A column that was not imported may hold anything."""
        field = kind.fields.get(batch.mapping.get(heading, ""))
        return self._all or (field is not None and may(user, field.see))

    def cells(self, cells: list[str]) -> list[str]:
        """A record as it came; where it stands askew in its columns, nobody knows which cell holds what."""
        if self._all:
            return cells
        if len(cells) != len(self._cells):
            return [UNSEEN] * len(cells)
        return [text if seen or not text else UNSEEN for text, seen in zip(cells, self._cells, strict=True)]
