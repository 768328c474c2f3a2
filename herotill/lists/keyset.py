"""Pages without OFFSET: each begins where the last row seen stands, however far into the list that is.

Rows that have no value to sort by stand at the end in both directions. They are a second segment of the
list with an order of its own, so that each segment is one walk along an index.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

Row = Mapping[str, Any]


class Empty(Enum):
    """What a row without a value holds: the column is never empty, or NULL, or an empty text."""

    NEVER = "never"
    NULL = "null"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a column: the field or annotation to sort by, and the one that breaks ties.

    `parse` reads a value back from a page's address and raises ValueError or ArithmeticError for what is
    none. An index on (by, tie) should stand behind it.
    """

    by: str
    empty: Empty = Empty.NEVER
    parse: Callable[[str], Any] = str
    tie: str = "pk"

    @property
    def filled(self) -> Q:
        """The rows that have a value. It also makes the join to another table an inner one."""
        if self.empty is Empty.BLANK:
            return Q(**{f"{self.by}__gt": ""})
        if self.empty is Empty.NULL or "__" in self.by:
            return Q(**{f"{self.by}__isnull": False})
        return Q()

    @property
    def unfilled(self) -> Q:
        return Q(**{self.by: ""}) if self.empty is Empty.BLANK else Q(**{f"{self.by}__isnull": True})


def by_text(field: str, *, empty: Empty = Empty.NEVER) -> Sort:
    """By a folded key or another text in collation C."""
    return Sort(field, empty)


def by_day(field: str, *, empty: Empty = Empty.NULL) -> Sort:
    return Sort(field, empty, date.fromisoformat)


def by_moment(field: str, *, empty: Empty = Empty.NEVER) -> Sort:
    return Sort(field, empty, datetime.fromisoformat)


def by_number(field: str, *, empty: Empty = Empty.NEVER, tie: str = "pk") -> Sort:
    """By an amount or a count."""
    return Sort(field, empty, _finite, tie)


def by_flag(field: str) -> Sort:
    return Sort(field, Empty.NEVER, _flag)


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
            text, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            if not isinstance(pk, int) or not 0 <= pk < 2**63:
                return None
            value = None if text is None else sort.parse(_clean(text))
        except (ValueError, ArithmeticError, TypeError, binascii.Error):
            return None
        if value is None and sort.empty is Empty.NEVER:
            return None
        return cls(value, pk)

    @classmethod
    def of(cls, row: Row, sort: Sort) -> Cursor:
        value = row[sort.by]
        return cls(None if sort.empty is Empty.BLANK and value == "" else value, row["pk"])


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(text: Any) -> str:
    if not isinstance(text, str) or "\0" in text:
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
    """A sort and its direction."""

    sort: Sort
    descending: bool = False

    def page(
        self, rows: QuerySet[Any, Any], *, size: int, cursor: Cursor | None = None, backward: bool = False
    ) -> tuple[list[Row], bool]:
        """Up to `size` rows after the cursor (before it, if `backward`), in the list's order, and whether
        there are more beyond them. Without a cursor: from the beginning, or the end.

        `rows` are dicts (`.values()`) that hold `pk` and the field sorted by.
        """
        found: list[Row] = []
        for empties in self._segments(cursor, backward):
            at = cursor if cursor and empties == (cursor.value is None) else None
            found += self._walk(rows, empties, at, backward)[: size + 1 - len(found)]
            if len(found) > size:
                break
        page = found[:size]
        return (page[::-1] if backward else page), len(found) > size

    def _segments(self, cursor: Cursor | None, backward: bool) -> list[bool]:
        """The segments still to be walked, in that order; True is the one of rows without a value."""
        all_of_them = [False] if self.sort.empty is Empty.NEVER else [False, True]
        if backward:
            all_of_them.reverse()
        return all_of_them[all_of_them.index(cursor.value is None) :] if cursor else all_of_them

    def _walk(
        self, rows: QuerySet[Any, Any], empties: bool, cursor: Cursor | None, backward: bool
    ) -> QuerySet[Any, Any]:
        sort, falling = self.sort, self.descending != backward
        rows = rows.filter(sort.unfilled if empties else sort.filled)
        if cursor:
            rows = rows.filter(self._beyond(cursor, falling))
        signs = "-" if falling else ""
        return rows.order_by(f"{signs}{sort.by}", f"{signs}{sort.tie}")

    def _beyond(self, cursor: Cursor, falling: bool) -> Beyond:
        operator = "<" if falling else ">"
        if cursor.value is None:
            return Beyond((F("pk"),), (Value(cursor.pk),), operator)
        return Beyond((F(self.sort.by), F(self.sort.tie)), (Value(cursor.value), Value(cursor.pk)), operator)
