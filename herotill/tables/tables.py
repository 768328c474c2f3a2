"""What a table in Setup is, and how an app declares one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.urls import reverse

from herotill import forms
from herotill.folding import fold
from herotill.lists import Column, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from herotill.menu import MenuEntry, menu
from herotill.registry import Registry

OFFERED = cells.chips({False: ("Offered", "ok"), True: ("Retired", "")})


def _fixed(row: Any) -> str:
    return ""


def _added(row: Any, actor: Any) -> None:
    """Most rows need nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table kept in Setup. Its rows have `name`, `name_key` and `retired`.

    `fixed` says why a row can be neither retired nor deleted, or nothing where it can; `added` does what else a
    new row needs, `saved` what each row needs whenever it is saved, in its transaction. `parts` are
    models whose rows belong to a row and go with it.
    """

    name: str
    listing: List
    model: type[Model]
    form: type[forms.ModelForm]
    fixed: Callable[[Any], str] = _fixed
    added: Callable[[Any, Any], None] = _added
    saved: Callable[[Any, Any], None] = _added
    parts: tuple[type[Model], ...] = ()
    order: int = 100

    def right(self, verb: str) -> str:
        """The model's right to view, add, change or delete."""
        return right_to(verb, self.model)

    def url_of(self, part: str, *args: Any) -> str:
        return reverse(f"{self.listing.url_name}-{part}", args=args)


tables: Registry[Table] = Registry("table in Setup")


def right_to(verb: str, model: type[Model]) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def keep(
    *,
    name: str,
    model: type[Model],
    title: str,
    noun: str,
    nouns: str,
    about: str,
    icon: str,
    form: type[forms.ModelForm],
    columns: Iterable[Column] = (),
    fixed: Callable[[Any], str] = _fixed,
    added: Callable[[Any, Any], None] = _added,
    saved: Callable[[Any, Any], None] = _added,
    parts: tuple[type[Model], ...] = (),
    sort: str = "name",
    order: int = 100,
) -> Table:
    """Have a table kept in Setup, at `/setup/<name>/`. `columns` stand between name and state; `sort` is one of them."""
    listing = lists.register(_list(name, model, title, noun, nouns, icon, sort))
    for column in (*_columns(), *columns):
        listing.columns.register(column)
    listing.filters.register(_retired())
    add = PageAction(
        name="new", label=f"New {noun}", url_name=f"setup-{name}-new", permission=right_to("add", model)
    )
    listing.actions.register(add)
    menu.register(
        MenuEntry(
            f"setup.{name}",
            title,
            listing.url_name,
            listing.permission,
            icon,
            order,
            parent="setup",
            about=about,
        )
    )
    return tables.register(
        Table(
            name=name,
            listing=listing,
            model=model,
            form=form,
            fixed=fixed,
            added=added,
            saved=saved,
            parts=parts,
            order=order,
        )
    )


def _list(name: str, model: type[Model], title: str, noun: str, nouns: str, icon: str, sort: str) -> List:
    url_name = f"setup-{name}"
    return List(
        name=f"setup.{name}",
        title=title,
        noun=noun,
        nouns=nouns,
        permission=right_to("view", model),
        url_name=url_name,
        rows=lambda: model._default_manager.order_by(),
        default_sort=sort,
        action=RowAction(
            url=lambda row: reverse(f"{url_name}-edit", args=[row["pk"]]),
            label=lambda row: str(row["name"]),
            fields=("name",),
            verb="Change",
            permission=right_to("change", model),
            in_dialog=True,
        ),
        search=_search,
        searches="name",
        icon=icon,
        empty=f"No {nouns} yet. Add the first one.",
        order=500,
    )


def _search(text: str, user: Any) -> Search:
    return partial(_holding, fold(text))


def _holding(text: str, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    return rows.filter(name_key__contains=text)


def _columns() -> tuple[Column, Column]:
    named = Column(
        name="name",
        heading="Name",
        fields=("name",),
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=10,
    )
    state = Column(
        name="state",
        heading="State",
        cell=OFFERED,
        fields=("retired",),
        sort=keyset.by_flag("retired"),
        default=True,
        order=900,
    )
    return named, state


def _retired() -> ListFilter:
    choices = [("false", "Offered"), ("true", "Retired")]
    narrow = django_filters.ChoiceFilter(
        label="State",
        choices=choices,
        empty_label="Any",
        method=lambda rows, name, value: rows.filter(retired=value == "true"),
    )
    return ListFilter(name="state", filter=narrow)
