"""Pages of a list: each begins behind the last row of the one before, at any depth as quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from herotill.api import taking
from herotill.api.refusing import Refused
from herotill.api.taking import Taken

Row = TypeVar("Row")
MOST, USUAL = 200, 50
_SIGNS = Signer(salt="herotill.api.cursor")


class Page(Schema, Generic[Row]):
    """Some rows, and the cursor to give for those that follow; none where these are the last."""

    items: list[Row]
    next: str | None = None


class Where(Schema):
    """Which page."""

    cursor: str = Field("", max_length=200, description="`next` of the page before.")
    limit: int = Field(USUAL, ge=1, le=MOST)


Paged = Annotated[Where, Query()]


def page_of(request: HttpRequest, rows: QuerySet[Any], where: Where, *, of: Taken) -> dict[str, Any]:
    """The page of these rows in the order in which they came; it is on record as taken from the list `of`."""
    before, kept = 0, rows.order_by("pk")
    if where.cursor:
        after, before = _read(request, where.cursor)
        kept = kept.filter(pk__gt=_whole(after))
    return _page(request, kept, where, of, before, lambda last: last.pk)


def page_by_day(
    request: HttpRequest, rows: QuerySet[Any], where: Where, *, day: str, of: Taken
) -> dict[str, Any]:
    """The page of these rows by the column `day`, and by their ids within a day; on record as `page_of`."""
    before, kept = 0, rows.order_by(day, "pk")
    if where.cursor:
        place, before = _read(request, where.cursor)
        after, pk = _day(place)
        kept = kept.filter(**{f"{day}__gte": after}).filter(Q(**{f"{day}__gt": after}) | Q(pk__gt=pk))
    return _page(request, kept, where, of, before, lambda last: [getattr(last, day).isoformat(), last.pk])


def _page(
    request: HttpRequest,
    kept: QuerySet[Any],
    where: Where,
    of: Taken,
    before: int,
    place: Callable[[Any], Any],
) -> dict[str, Any]:
    """The page behind the `before` rows that this walk through the list has had."""
    found = list(kept[: where.limit + 1])
    more, found = len(found) > where.limit, found[: where.limit]
    count = before + len(found)
    taking.allow(request, of, count)
    taking.record(request, of, len(found))
    here = [place(found[-1]), count, taking.walk_of(request)] if more else None
    return {"items": found, "next": _SIGNS.sign_object(here) if here else None}


def _day(place: Any) -> tuple[date, int]:
    try:
        after, pk = place
        return date.fromisoformat(after), _whole(pk)
    except (TypeError, ValueError) as error:
        raise _unknown() from error


def _whole(number: Any) -> int:
    if type(number) is int and 0 <= number < 2**63:
        return number
    raise _unknown()


def _read(request: HttpRequest, cursor: str) -> tuple[Any, int]:
    """The place that a cursor names, and how many rows came before it.

    It is signed with the list and its filters, so that nobody begins elsewhere, nor counts less than they had.
    """
    try:
        place, before, walk = _SIGNS.unsign_object(cursor)
        before = int(before)
    except (BadSignature, TypeError, ValueError) as error:
        raise _unknown() from error
    if walk != taking.walk_of(request):
        raise Refused(422, "cursor_of_another", "This cursor is of another list, or of other filters.")
    return place, before


def _unknown() -> Refused:
    return Refused(422, "cursor_unknown", "This cursor is none that we gave.")
