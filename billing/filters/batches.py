"""What narrows the lists of batches, their lines, who is left out, and results."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from billing.models import CollectionBatch, CollectionLine, CollectionResult
from billing.policies.batches import LEFT_OUT, WARNINGS
from customers.models import BillingGroup
from herotill.lists import ListFilter
from herotill.money import rand

BOXES = forms.CheckboxSelectMultiple
YES_OR_NO = [("true", "Yes"), ("false", "No")]


def _groups(request: Any) -> QuerySet[BillingGroup]:
    return BillingGroup.objects.all()


def _batches(request: Any) -> QuerySet[CollectionBatch]:
    return CollectionBatch.objects.order_by("-action_date", "-pk")


def _warned(rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
    wanted = Q(pk__in=[])
    for kind in value:
        wanted |= Q(warnings__contains=[{"kind": kind}])
    return rows.filter(wanted) if value else rows


def _edited(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    if not value:
        return rows
    return rows.exclude(edited_why="") if value == "true" else rows.filter(edited_why="")


def _in_doubt(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    if not value:
        return rows
    return rows.exclude(trouble="") if value == "true" else rows.filter(trouble="")


def _many(label: str, choices: Any, field: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(label=label, choices=choices, widget=BOXES, field_name=field)


def _day(label: str, field: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(label=label, field_name=field, lookup_expr=lookup, widget=widget)


def _amount(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name="amount", lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


def _choice(label: str, method: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, choices=YES_OR_NO, empty_label="Either", method=method)


def _batch(order: int) -> ListFilter:
    return ListFilter(
        name="batch",
        filter=django_filters.ModelChoiceFilter(label="Batch", queryset=_batches),
        order=order,
    )


OF_BATCHES = (
    ListFilter(
        name="group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group", queryset=_groups, field_name="billing_group"
        ),
        order=10,
    ),
    ListFilter(name="state", filter=_many("State", CollectionBatch.State.choices, "state"), order=20),
    ListFilter(name="method", filter=_many("By", CollectionBatch.Method.choices, "method"), order=30),
    ListFilter(name="from", filter=_day("Action date from", "action_date", "gte"), order=40),
    ListFilter(name="to", filter=_day("Action date to", "action_date", "lte"), order=50),
)
OF_LINES = (
    _batch(10),
    ListFilter(name="state", filter=_many("State", CollectionLine.State.choices, "state"), order=20),
    ListFilter(
        name="warning",
        filter=django_filters.MultipleChoiceFilter(
            label="Warning", choices=list(WARNINGS.items()), widget=BOXES, method=_warned
        ),
        order=30,
    ),
    ListFilter(name="edited", filter=_choice("Amount changed", _edited), order=40),
    ListFilter(
        name="paid_after",
        filter=django_filters.BooleanFilter(label="Paid after release", field_name="paid_after_release"),
        order=50,
    ),
    ListFilter(name="amount_min", filter=_amount("Amount from", "gte"), says=rand, order=60),
    ListFilter(name="amount_max", filter=_amount("Amount to", "lte"), says=rand, order=70),
)
OF_LEFT_OUT = (
    _batch(10),
    ListFilter(name="why", filter=_many("Why", list(LEFT_OUT.items()), "why"), order=20),
)
OF_RESULTS = (
    ListFilter(name="doubt", filter=_choice("In doubt", _in_doubt), order=10),
    ListFilter(name="kind", filter=_many("What", CollectionResult.Kind.choices, "kind"), order=20),
    ListFilter(name="from", filter=_day("From", "day", "gte"), order=30),
    ListFilter(name="to", filter=_day("To", "day", "lte"), order=40),
)
