"""Filters: what narrows a list. Each is a django-filter Filter with a name, a right and a chip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict

from herotill.lists.cells import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """One filter of a list; its name is its parameter in the address.

    `filter` is declared as in a FilterSet; its label heads the field and the chip. `says` puts a chosen
    value into words where the field's own choices do not.
    """

    name: str
    filter: django_filters.Filter
    says: Callable[[Any], str] | None = None
    permission: str = ""
    order: int = 100

    @property
    def label(self) -> str:
        return str(self.filter.label)

    def words(self, field: forms.Field, value: Any) -> str:
        """The chosen value as the chip shows it."""
        return self.says(value) if self.says else in_words(field, value)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter as the person sees it. `wrong` marks one that cannot be understood."""

    name: str
    label: str
    text: str
    wrong: bool = False


def in_words(field: forms.Field, value: Any) -> str:
    """A cleaned value of a form field, as a person reads it."""
    if isinstance(value, (list, tuple, set, QuerySet)):
        return ", ".join(in_words(field, one) for one in value)
    if isinstance(value, Model) or not hasattr(field, "choices"):
        return _plain(value)
    labels = {str(key): str(label) for key, label in flat(field.choices)}
    return labels.get(str(value), _plain(value))


def _plain(value: Plain | bool | Model) -> str:
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """The choices of a field without their headings."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from flat(label)
        else:
            yield key, label


@lru_cache(maxsize=512)
def filterset_class(filters: tuple[ListFilter, ...]) -> type[django_filters.FilterSet]:
    """A FilterSet of exactly these filters. A page is made with those in use, the panel with all allowed."""
    return type("ListFilterSet", (django_filters.FilterSet,), {one.name: one.filter for one in filters})


class Filtering:
    """The filters of one request: what they leave of the rows, and the chips that say so.

    A filter that cannot be understood, or that the person may not use, leaves nothing: what somebody
    narrowed must never come out wider.
    """

    def __init__(
        self, allowed: Sequence[ListFilter], forbidden: Sequence[ListFilter], data: QueryDict
    ) -> None:
        self.active = tuple(one for one in allowed if any(data.getlist(one.name)))
        self.withheld = tuple(forbidden)
        self.forbidden = tuple(one for one in forbidden if any(data.getlist(one.name)))
        self.data = data
        self.chips: list[Chip] = []
        self.understood = not self.forbidden

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the filters leave of `rows`; the chips are known afterwards."""
        if not self.active:
            return rows if self.understood else rows.none()
        filterset = filterset_class(self.active)(self.data, rows)
        form = filterset.form
        self.understood = self.understood and form.is_valid()
        self.chips = [self._chip(one, form) for one in self.active]
        return filterset.filter_queryset(rows) if self.understood else rows.none()

    def _chip(self, one: ListFilter, form: forms.Form) -> Chip:
        if one.name in form.errors:
            return Chip(one.name, one.label, " ".join(self.data.getlist(one.name))[:60], wrong=True)
        return Chip(one.name, one.label, one.words(form.fields[one.name], form.cleaned_data[one.name]))
