"""Pages without OFFSET: each begins where the last row seen stands, however far into the list that is.

Rows that have no value to sort by stand at the end in both directions. They are a second segment of the
list with an order of its own, so that each segment is one walk along an index.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from herotill.typed import place_in_time, said


class Empty(Enum):
    """What a row without a value holds: the column is never empty, or NULL, or an empty text."""

    NEVER = "never"
    NULL = "null"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list that one walk along an index gives: which rows, and the fields it goes along."""

    where: Q
    along: tuple[str, ...]

    def further(self, where: Q) -> Stretch:
        """The part of it where this holds, too."""
        return Stretch(self.where & where, self.along)


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a column: the field or annotation to sort by, and the one that breaks ties.

    `parse` reads a value back from a page's address and raises ValueError or ArithmeticError for what is
    none. `coarse` says that many rows share a value: then the rest of those that share it and those beyond
    are asked for apart, because the planner's guess at both together is far off. `lacking` says which rows
    have no value where that stands in another table. An index on (by, tie) should stand behind a sort.
    """

    by: str
    empty: Empty = Empty.NEVER
    parse: Callable[[str], Any] = str
    tie: str = "pk"
    coarse: bool = False
    lacking: Q | None = None

    @property
    def filled(self) -> Stretch:
        """The rows that have a value. Said of another table, it makes the join an inner one."""
        where = Q()
        if self.empty is Empty.BLANK:
            where = Q(**{f"{self.by}__gt": ""})
        elif self.empty is Empty.NULL or "__" in self.by:
            where = Q(**{f"{self.by}__isnull": False})
        return Stretch(where, (self.by, self.tie))

    @property
    def unfilled(self) -> Stretch:
        """The rows that have none. What is not there in another table gives no order."""
        if self.lacking is not None:
            return Stretch(self.lacking, ("pk",))
        where = Q(**{self.by: ""}) if self.empty is Empty.BLANK else Q(**{f"{self.by}__isnull": True})
        return Stretch(where, (self.by, "pk"))


def by_text(field: str, *, empty: Empty = Empty.NEVER) -> Sort:
    """By a folded key or another text in collation C, of which most are different."""
    return Sort(field, empty)


def by_kind(field: str, *, empty: Empty = Empty.NEVER) -> Sort:
    """By a folded key or another text in collation C that many rows share."""
    return Sort(field, empty, coarse=True)


def by_day(field: str, *, empty: Empty = Empty.NULL) -> Sort:
    return Sort(field, empty, date.fromisoformat)


def by_moment(field: str, *, empty: Empty = Empty.NEVER) -> Sort:
    return Sort(field, empty, place_in_time)


def by_number(field: str, *, empty: Empty = Empty.NEVER, tie: str = "pk") -> Sort:
    """By an amount or a count; nought is usually shared by many."""
    return Sort(field, empty, _finite, tie, coarse=True)


def by_flag(field: str) -> Sort:
    return Sort(field, Empty.NEVER, _flag, coarse=True)


def _flag(text: str) -> bool:
    return ("false", "true").index(text) == 1


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number) > 10**18:
        raise ValueError(text)
    return number


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: the row with this value and id. `value` is None for a row without one."""

    value: Any
    pk: int

    def token(self) -> str:
        """The place as a page's address carries it."""
        pair = json.dumps([_written(self.value), self.pk])
        return base64.urlsafe_b64encode(pair.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str, sort: Sort) -> Cursor | None:
        """The place that `token` names, or None where it names none."""
        try:
            text, pk = said(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            if not isinstance(pk, int) or not 0 <= pk < 2**63:
                return None
            value = None if text is None else sort.parse(_clean(text))
        except (ValueError, ArithmeticError, TypeError, binascii.Error):
            return None
        if value is None and sort.empty is Empty.NEVER:
            return None
        return cls(value, pk)

    @classmethod
    def of(cls, value: Any, pk: int, sort: Sort) -> Cursor:
        return cls(None if sort.empty is Empty.BLANK and value == "" else value, pk)


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError(text)
    return text


class Beyond(Func):
    """(a, b) > (x, y): the rows after a place, which an index on (a, b) finds at once."""

    output_field = BooleanField()

    def __init__(self, left: tuple[Any, ...], right: tuple[Any, ...], operator: str) -> None:
        self.half = len(left)
        self.operator = operator
        super().__init__(*left, *right)

    def as_sql(
        self, compiler: Any, connection: Any, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        made = [compiler.compile(expression) for expression in self.source_expressions]
        left = ", ".join(sql for sql, _ in made[: self.half])
        right = ", ".join(sql for sql, _ in made[self.half :])
        return f"({left}) {self.operator} ({right})", tuple(value for _, values in made for value in values)


@dataclass(frozen=True, slots=True)
class Order:
    """A sort and its direction. `within` holds for all rows wanted that have a value, and says where to begin."""

    sort: Sort
    descending: bool = False
    within: Q = field(default_factory=Q)

    @property
    def _filled(self) -> Stretch:
        return self.sort.filled.further(self.within)

    def page(
        self, rows: QuerySet[Any], *, size: int, cursor: Cursor | None = None, backward: bool = False
    ) -> tuple[list[Cursor], bool]:
        """The places of up to `size` rows after the cursor (before it, if `backward`), in the list's order,
        and whether there are more beyond them. Without a cursor: from the beginning, or the end.
        """
        falling = self.descending != backward
        found: list[Cursor] = []
        for stretch in self._stretches(cursor, falling, backward):
            found += self._walk(rows, stretch, falling, size + 1 - len(found))
            if len(found) > size:
                break
        page = found[:size]
        return (page[::-1] if backward else page), len(found) > size

    def _walk(self, rows: QuerySet[Any], stretch: Stretch, falling: bool, most: int) -> list[Cursor]:
        sort, sign = self.sort, "-" if falling else ""
        ordered = rows.filter(stretch.where).order_by(*(f"{sign}{field}" for field in stretch.along))
        if stretch.along == ("pk",):
            return [Cursor(None, pk) for pk in ordered.values_list("pk", flat=True)[:most]]
        return [Cursor.of(value, pk, sort) for value, pk in ordered.values_list(sort.by, "pk")[:most]]

    def _stretches(self, cursor: Cursor | None, falling: bool, backward: bool) -> list[Stretch]:
        """What is still to be walked, piece by piece."""
        sort = self.sort
        segments = [self._filled] if sort.empty is Empty.NEVER else [self._filled, sort.unfilled]
        if backward:
            segments.reverse()
        if cursor is None:
            return segments
        begun = sort.unfilled if cursor.value is None else self._filled
        return [*self._rest(cursor, begun, falling), *segments[segments.index(begun) + 1 :]]

    def _rest(self, cursor: Cursor, begun: Stretch, falling: bool) -> list[Stretch]:
        """The rest of the segment in which the cursor stands."""
        sort, way = self.sort, "lt" if falling else "gt"
        tie = begun.along[-1]
        after = Q(**{f"{tie}__{way}": cursor.pk})
        if cursor.value is None:
            return [begun.further(after)]
        if sort.coarse:
            alike, beyond = Q(**{sort.by: cursor.value}), Q(**{f"{sort.by}__{way}": cursor.value})
            return [begun.further(alike & after), begun.further(beyond)]
        place = Beyond((F(sort.by), F(tie)), (Value(cursor.value), Value(cursor.pk)), "<" if falling else ">")
        return [begun.further(Q(place))]
