"""A list as one person sees it at one address: the columns, filters and rows that are theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from herotill.access import may
from herotill.lists.columns import Column, Row
from herotill.lists.filters import Filtering
from herotill.lists.keyset import Cursor, Order
from herotill.lists.lists import List, Search
from herotill.lists.remembering import Remembered
from herotill.lists.state import SIZES, State
from herotill.reading import reading
from herotill.typed import number

COUNTED, COSTS = 1_000, 20_000  # a count of so few, by a plan of no more than this cost, is asked for at once


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and where its neighbours begin; an empty token: there is none."""

    rows: list[Row]
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        """Whether these rows are all there are."""
        return not self.before and not self.after


class Sheet:
    """What one person gets of a list. Nothing of what they may not see is read."""

    def __init__(
        self,
        listing: List,
        user: Any,
        query: QueryDict,
        remembered: Remembered,
        view_columns: Sequence[str] = (),
    ) -> None:
        self.listing = listing
        self.user = user
        self.state = State.read(query, [one.name for one in listing.filters])
        self.remembered = remembered
        self.view_columns = view_columns

    @property
    def size(self) -> int:
        """How many rows a page has: what the address says, or what the person chose."""
        return self.state.size or self.remembered.size

    @cached_property
    def allowed(self) -> dict[str, Column]:
        return self.listing.columns_for(self.user)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in the person's own order; else those of the view; else the usual ones."""
        names = self.remembered.columns_for(self.state.view) or self.view_columns
        chosen = [self.allowed[name] for name in names if name in self.allowed]
        return chosen or [one for one in self.allowed.values() if one.default]

    @cached_property
    def order_name(self) -> str:
        """The column sorted by, with a minus for falling: the address's, if it can be, or the usual one."""
        column = self.allowed.get(self.state.sort.removeprefix("-"))
        return self.state.sort if column and column.sort else self.listing.default_sort

    @cached_property
    def order(self) -> Order:
        column = self.listing.columns[self.order_name.removeprefix("-")]
        if column.sort is None:
            raise LookupError(f"List {self.listing.name} cannot be sorted by {self.order_name}.")
        within = column.within(self.state.data) if column.within else Q()
        return Order(column.sort, self.order_name.startswith("-"), within)

    @cached_property
    def filtering(self) -> Filtering:
        allowed = [one for one in self.listing.filters if may(self.user, one.permission)]
        forbidden = [one for one in self.listing.filters if one not in allowed]
        return Filtering(allowed, forbidden, self.state.data)

    @cached_property
    def everything(self) -> QuerySet[Any]:
        """All rows of the list, from where a page may be read."""
        if self.listing.rows_for:
            return self.listing.rows_for(self.state.asked)
        if self.listing.rows_of:
            return self.listing.rows_of(self.user).using(reading())
        return self.listing.rows().using(reading())

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """The rows that the filters leave."""
        return self.filtering.apply(self.everything)

    @cached_property
    def search(self) -> Search | None:
        """What was typed into the search box, if anything."""
        listing, text = self.listing, self.state.search
        return listing.search(text, self.user) if text and listing.search else None

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """All rows that the filters and the search leave."""
        return self.search(self.narrowed) if self.search else self.narrowed

    @property
    def walkable(self) -> QuerySet[Any]:
        """The same rows, asked for in the way that suits a walk in the list's order."""
        return self.search(self.narrowed, self.order.sort.by) if self.search else self.narrowed

    def read(self, places: Sequence[Cursor]) -> list[Row]:
        """The rows at these places, with just what the columns and the row's button need.

        Places first and rows by their ids afterwards: with everything joined at once, the planner now and
        then walks along a joined table to find the fifty rows of a page.
        """
        needed = dict.fromkeys(["pk", *self.listing.action.fields])
        for column in self.columns:
            needed |= dict.fromkeys(column.fields)
        added = {name: made for column in self.columns for name, made in column.annotations().items()}
        found = self.everything.annotate(**added).filter(pk__in=[place.pk for place in places])
        rows = {row["pk"]: row for row in found.values(*needed)} if places else {}
        return [rows[place.pk] for place in places if place.pk in rows]

    def sortable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`rows` with what the list is sorted by."""
        return rows.annotate(**self.listing.columns[self.order_name.removeprefix("-")].annotations())

    @cached_property
    def page(self) -> Page:
        """The page that the address names, or the first one where that has run out."""
        rows, order, size, state = self.sortable(self.walkable), self.order, self.size, self.state
        if state.before is not None:
            cursor = Cursor.read(state.before, order.sort) if state.before else None
            found, more = order.page(rows, size=size, cursor=cursor, backward=True)
            if more:
                return self._page(found, before=True, after=cursor is not None)
        cursor = Cursor.read(state.after, order.sort)
        found, more = order.page(rows, size=size, cursor=cursor)
        if cursor and not found:
            cursor = None
            found, more = order.page(rows, size=size)
        return self._page(found, before=cursor is not None, after=more)

    def _page(self, places: list[Cursor], *, before: bool, after: bool) -> Page:
        first, last = (places[0].token(), places[-1].token()) if places else ("", "")
        return Page(self.read(places), first if before else "", last if after else "")

    def estimate(self) -> tuple[int, bool]:
        """How many rows match, and whether that is sure: counted where it costs little, else the planner's guess."""
        plan = self.matching.order_by().values("pk").explain(format="json")
        guess = json.loads(plan)[0]["Plan"] if plan else {"Plan Rows": 0, "Total Cost": 0}
        few = guess["Plan Rows"] <= COUNTED and guess["Total Cost"] <= COSTS
        if few and (found := self.count(COUNTED + 1)) <= COUNTED:
            return found, True
        return int(guess["Plan Rows"]), False

    def count(self, most: int | None = None) -> int:
        """How many rows match, counted; no further than `most`."""
        return self.matching.order_by()[:most].count()

    def chosen(self, ids: Sequence[str], matching: bool) -> QuerySet[Any]:
        """The rows somebody ticked, or all that match. Ticked ones are looked for among those of the list."""
        if matching:
            return self.matching
        ticked = [pk for one in ids if (pk := number(one)) is not None]
        return self.everything.filter(pk__in=ticked[: SIZES[-1]])
