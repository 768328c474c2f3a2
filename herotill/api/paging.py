"""Pages of a list: each begins behind the last row of the one before, at any depth as quick."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from herotill.api.refusing import Refused

Row = TypeVar("Row")
MOST, USUAL = 200, 50


class Page(Schema, Generic[Row]):
    """Some rows, and the cursor to give for those that follow; none where these are the last."""

    items: list[Row]
    next: str | None = None


class Where(Schema):
    """Which page."""

    cursor: str = Field("", max_length=200, description="`next` of the page before.")
    limit: int = Field(USUAL, ge=1, le=MOST)


Paged = Annotated[Where, Query()]


def page_of(rows: QuerySet[Any], where: Where) -> dict[str, Any]:
    """The page of these rows in the order in which they came."""
    kept = rows.order_by("pk")
    if where.cursor:
        kept = kept.filter(pk__gt=_whole(_decoded(where.cursor)))
    found = list(kept[: where.limit + 1])
    more, found = len(found) > where.limit, found[: where.limit]
    return {"items": found, "next": _written(found[-1].pk) if more else None}


def page_by_day(rows: QuerySet[Any], where: Where, *, day: str) -> dict[str, Any]:
    """The page of these rows by the column `day`, and by their ids within a day."""
    kept = rows.order_by(day, "pk")
    if where.cursor:
        after, pk = _read_day(where.cursor)
        kept = kept.filter(**{f"{day}__gte": after}).filter(Q(**{f"{day}__gt": after}) | Q(pk__gt=pk))
    found = list(kept[: where.limit + 1])
    more, found = len(found) > where.limit, found[: where.limit]
    last = found[-1] if more else None
    return {"items": found, "next": _written([getattr(last, day).isoformat(), last.pk]) if last else None}


def _read_day(token: str) -> tuple[date, int]:
    try:
        after, pk = _decoded(token)
        return date.fromisoformat(after), _whole(pk)
    except (TypeError, ValueError) as error:
        raise _unknown() from error


def _whole(number: Any) -> int:
    if type(number) is int and 0 <= number < 2**63:
        return number
    raise _unknown()


def _written(place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decoded(token: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, RecursionError) as error:
        raise _unknown() from error


def _unknown() -> Refused:
    return Refused(422, "cursor_unknown", "This cursor is none that we gave.")
