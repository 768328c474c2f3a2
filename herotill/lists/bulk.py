"""Bulk actions: one deed on many rows at once, previewed, done by one statement, and undone for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

UNDO_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Done:
    """What a bulk action did: to how many rows, in a sentence, what it takes to undo it (JSON), where it leads."""

    count: int
    sentence: str
    before: Any
    url: str = ""


class BulkAction:
    """One deed on many rows. Subclasses say what; `chosen` is always a query, never a list of objects.

    One that is not `undoable` has no way back and says so in its dialog (`warns`).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "tag"
    permission: ClassVar[str]
    order: ClassVar[int] = 100
    undoable: ClassVar[bool] = True
    warns: ClassVar[str] = ""
    form: ClassVar[type[forms.Form]]

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        """How many of the chosen rows would change: all of them, unless the action knows better."""
        return chosen.order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        """What the button says that does it, e.g. `Label 12 customers`."""
        raise NotImplementedError

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        """Do it, in the caller's transaction. Beside what the form gave, `data` holds the `actor`."""
        raise NotImplementedError

    def undo(self, *, before: Any) -> int:
        """Put back what is still as the action left it; returns how many rows."""
        raise NotImplementedError
