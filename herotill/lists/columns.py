"""Columns: what a list can show of a row, declared once, also by another app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from herotill.lists.cells import TEXT, Cell
from herotill.lists.keyset import Sort

Row = Mapping[str, Any]
Batch = Callable[[Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list.

    Its value comes from the row itself: `fields` are read by `.values()`, what `annotations` makes is added first,
    `value` puts them together (without it, the first field as it stands). Or it comes by `batch`, which
    answers for all rows of a page in one query, by their ids. `permission` is asked before anything is
    read. `sort` is how rows stand in the order of this column; a column with many values has none. `within`
    says between which of its values the rows stand that the list's filters ask for, so that a walk in its
    order begins there. A column that is not `narrow` is left out on a phone.
    """

    name: str
    heading: str
    cell: Cell = TEXT
    fields: tuple[str, ...] = ()
    annotations: Callable[[], Mapping[str, Any]] = dict
    value: Callable[[Row], Any] | None = None
    batch: Batch | None = None
    sort: Sort | None = None
    within: Callable[[QueryDict], Q] | None = None
    permission: str = ""
    default: bool = False
    heads_row: bool = False
    narrow: bool = True
    order: int = 100

    def __post_init__(self) -> None:
        if bool(self.fields) == bool(self.batch):
            raise ValueError(f"Column {self.name} reads fields or a batch, one of the two.")

    @property
    def css(self) -> str:
        """The classes of its cells."""
        return " ".join(filter(None, (self.cell.css, "" if self.narrow else "wide-only")))

    def reader(self, rows: Sequence[Row]) -> Callable[[Row], Any]:
        """The function that gives this column's value of a row, having fetched what `rows` need together."""
        if self.batch:
            known = self.batch([row["pk"] for row in rows]) if rows else {}
            return lambda row: known.get(row["pk"])
        if self.value:
            return self.value
        first = self.fields[0]
        return lambda row: row[first]
