"""A list, declared once: what it shows of which rows, to whom, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from herotill.access import may
from herotill.lists.bulk import BulkAction
from herotill.lists.columns import Column, Row
from herotill.lists.filters import ListFilter
from herotill.registry import Registry


class Search(Protocol):
    """What somebody typed, as a condition on rows. `along` is the field they are about to be walked by."""

    def __call__(self, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAction:
    """The black button at a row's end, for who holds `permission`. `label` names the row to a screen reader."""

    url: Callable[[Row], str]
    label: Callable[[Row], str]
    fields: tuple[str, ...]
    verb: str = "Open"
    permission: str = ""
    in_dialog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAction:
    """A button at the head of the page, such as New customer. It opens a dialog."""

    name: str
    label: str
    url_name: str
    permission: str
    icon: str = "plus"
    order: int = 100

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list. Apps that know it may register further columns, filters and bulk actions on it.

    `rows` gives the rows to list; where they depend on what the address asks, such as a day, `rows_for` gives
    them by its filters and says itself which database it reads; where they are the person's own, `rows_of` gives
    those of that person. `search` reads what somebody typed, given who did; `searches` says by
    what it finds.
    `default_sort` is a column's name, with a minus for falling. `noun` and `nouns` stand in counts.
    `facts` adds what its own template shows besides, given the sheet; `back` (address, words) leads to the page
    whose rows these are.
    Its pages are `url_name` and what `herotill.lists.urls.of_list` adds below it.
    """

    name: str
    title: str
    noun: str
    nouns: str
    permission: str
    url_name: str
    rows: Callable[[], QuerySet[Any]]
    default_sort: str
    action: RowAction
    search: Callable[[str, Any], Search] | None = None
    searches: str = ""
    export_permission: str = ""
    empty: str = "Nothing stands here yet."
    icon: str = "list-bullet"
    template_name: str = "lists/page.html"
    rows_for: Callable[[QueryDict], QuerySet[Any]] | None = None
    rows_of: Callable[[Any], QuerySet[Any]] | None = None
    facts: Callable[[Any], dict[str, Any]] | None = None
    order: int = 100
    columns: Registry[Column] = field(default_factory=lambda: Registry("list column"))
    filters: Registry[ListFilter] = field(default_factory=lambda: Registry("list filter"))
    bulk: Registry[BulkAction] = field(default_factory=lambda: Registry("bulk action"))
    actions: Registry[PageAction] = field(default_factory=lambda: Registry("page action"))

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def url_of(self, part: str, *args: Any) -> str:
        """The address of one of the list's own pages: `export`, `columns`, `remember` and so on."""
        return reverse(f"{self.url_name}-{part}", args=args)

    def columns_for(self, user: Any) -> dict[str, Column]:
        """The columns this person may see, by name, in their usual order."""
        return {one.name: one for one in self.columns if may(user, one.permission)}

    def bulk_for(self, user: Any) -> list[BulkAction]:
        return [one for one in self.bulk if may(user, one.permission)]

    def actions_for(self, user: Any) -> list[PageAction]:
        return [one for one in self.actions if may(user, one.permission)]

    def counted(self, number: int) -> str:
        """`1 customer`, `1,204 customers`."""
        return f"{number:,} {self.noun if number == 1 else self.nouns}"


lists: Registry[List] = Registry("list")
