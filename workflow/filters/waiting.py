"""What narrows the lists of the workflow and its board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from herotill.clock import local_day, stamp
from herotill.lists import ListFilter
from herotill.users.models import User
from workflow.models import Area, Lead, Source, Step

LATE, OVERDUE = "late", "overdue"
AGES = [(LATE, "Waits long"), (OVERDUE, "Waits too long")]
DUE, PLANNED, NONE = "due", "planned", "none"
ACTIONS = [(DUE, "Due"), (PLANNED, "Planned"), (NONE, "None")]


def people(request: Any) -> QuerySet[User]:
    """Staff, by name."""
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "username")


def _areas(request: Any) -> QuerySet[Area]:
    return Area.objects.all()


def _sources(request: Any) -> QuerySet[Source]:
    return Source.objects.all()


def _waits(place: str) -> Callable[[QuerySet[Lead], str, str], QuerySet[Lead]]:
    """By the days of the list's own setting."""

    def narrowed(rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        if not value:
            return rows
        step = Step.objects.get(pk=place)
        after = step.late_after if value == LATE else step.overdue_after
        return rows.filter(step_since__lte=stamp() - timedelta(days=after))

    return narrowed


def _for_days(rows: QuerySet[Lead], name: str, value: int | None) -> QuerySet[Lead]:
    return rows if value is None else rows.filter(step_since__lte=stamp() - timedelta(days=int(value)))


def _action(rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
    today = local_day(stamp())
    if value == NONE:
        return rows.filter(next_action_on=None)
    bounds = {DUE: {"next_action_on__lte": today}, PLANNED: {"next_action_on__gt": today}}
    return rows.filter(**bounds[value]) if value else rows


def _among(label: str, queryset: Any, nothing: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label=label, queryset=queryset, null_label=nothing, null_value="none"
    )


OWNER = ListFilter(name="owner", filter=_among("Person", people, "Nobody"), order=10)
AREA = ListFilter(name="area", filter=_among("Area", _areas, "None"), order=20)
SOURCE = ListFilter(name="source", filter=_among("Source", _sources, "Unknown"), order=30)
DAYS = ListFilter(
    name="days",
    filter=django_filters.NumberFilter(
        label="Waits for at least (days)",
        method=_for_days,
        min_value=0,
        max_value=9999,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    ),
    order=50,
)
ACTION = ListFilter(
    name="action",
    filter=django_filters.ChoiceFilter(
        label="Next action", choices=ACTIONS, empty_label="Any", method=_action
    ),
    order=60,
)
ORIGIN = ListFilter(
    name="origin",
    filter=django_filters.ChoiceFilter(label="Came by", choices=Lead.Origin.choices, empty_label="Any"),
    order=70,
)


def filters_of(place: str) -> tuple[ListFilter, ...]:
    """The filters of one list."""
    age = django_filters.ChoiceFilter(label="Age", choices=AGES, empty_label="Any", method=_waits(place))
    return (OWNER, AREA, SOURCE, ListFilter(name="age", filter=age, order=40), DAYS, ACTION, ORIGIN)
