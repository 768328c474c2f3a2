"""Whether what somebody changes is still what they looked at."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Model

from herotill.errors import DomainError


def mark(row: Model | None) -> str:
    """A short mark of a row's values: equal marks, equal rows."""
    if row is None:
        return "-"
    values = {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def insist(row: Model | None, seen: str) -> None:
    """Raises DomainError if the row is not the one that was seen."""
    if mark(row) != seen:
        raise DomainError(
            "Somebody else changed this while you were typing. Look at the card, then save again."
        )
