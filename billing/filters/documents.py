"""What narrows the list of documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from billing.models import Document, DocumentKind, MonthEnd
from billing.policies import states
from billing.selectors import documents
from customers.models import CustomerGroup
from herotill.lists import ListFilter
from herotill.lists.filters import filterset_class
from herotill.money import rand


def _state(rows: QuerySet[Document], name: str, value: list[str]) -> QuerySet[Document]:
    return documents.in_state(rows, value)


def _before(rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
    return rows.filter(before=value == "true") if value else rows


def _period(rows: QuerySet[Document], name: str, value: Any) -> QuerySet[Document]:
    return rows.filter(period=value.replace(day=1)) if value else rows


def _month_ends(request: Any) -> QuerySet[MonthEnd]:
    return MonthEnd.objects.select_related("billing_group")


def _of_month_end(rows: QuerySet[Document], name: str, value: MonthEnd | None) -> QuerySet[Document]:
    """The invoices of a month-end, drafts and issued ones."""
    if value is None:
        return rows
    found = rows.filter(kind=DocumentKind.INVOICE, period=value.period, before=False)
    group = value.billing_group_id
    return found.filter(customer__billing_group=group) if group else found


def _run(rows: QuerySet[Document], name: str, value: Any) -> QuerySet[Document]:
    return documents.of_run(rows, int(value)) if value is not None else rows


def _groups(request: Any) -> QuerySet[CustomerGroup]:
    return CustomerGroup.objects.all()


def _amount(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name="incl", lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, field_name="document_date", lookup_expr=lookup, widget=widget
    )


FILTERS = (
    ListFilter(
        name="kind",
        filter=django_filters.MultipleChoiceFilter(
            label="Kind", choices=DocumentKind.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State",
            choices=[(value, label) for value, (label, _) in states.LABELS.items()],
            widget=forms.CheckboxSelectMultiple,
            method=_state,
        ),
        order=20,
    ),
    ListFilter(name="from", filter=_day("Dated from", "gte"), order=30),
    ListFilter(name="to", filter=_day("Dated to", "lte"), order=40),
    ListFilter(
        name="period",
        filter=django_filters.DateFilter(
            label="Billing month",
            method=_period,
            input_formats=["%Y-%m", "%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        ),
        says=lambda value: value.strftime("%b %Y"),
        order=50,
    ),
    ListFilter(
        name="month_end",
        filter=django_filters.ModelChoiceFilter(
            label="Invoices of the month-end", queryset=_month_ends, method=_of_month_end
        ),
        order=55,
    ),
    ListFilter(
        name="run",
        filter=django_filters.NumberFilter(label="Run", method=_run, max_digits=12, decimal_places=0),
        order=60,
    ),
    ListFilter(
        name="group",
        filter=django_filters.ModelChoiceFilter(
            label="Customer group", queryset=_groups, field_name="customer__group"
        ),
        order=70,
    ),
    ListFilter(name="amount_min", filter=_amount("Total from", "gte"), says=rand, order=80),
    ListFilter(name="amount_max", filter=_amount("Total to", "lte"), says=rand, order=90),
    ListFilter(
        name="before",
        filter=django_filters.ChoiceFilter(
            label="From before",
            choices=[("true", "Yes"), ("false", "No")],
            empty_label="Either",
            method=_before,
        ),
        order=100,
    ),
    ListFilter(
        name="archived",
        filter=django_filters.ChoiceFilter(
            label="Archived months",
            choices=[("true", "Shown")],
            empty_label="Left out",
            method=lambda rows, name, value: rows,
        ),
        order=110,
    ),
)

_DAYS = tuple(one for one in FILTERS if one.name in ("from", "to", "period", "month_end", "run"))


def names_within(data: QueryDict) -> Q:
    """Between which numbers the documents of the days, the months and the run stand that are asked for."""
    form = filterset_class(_DAYS)(data, Document.objects.none()).form
    form.is_valid()
    chosen = form.cleaned_data
    if not any(chosen.values()):
        return Q()
    month_end = chosen.get("month_end")
    months = {chosen.get("period"), month_end.period if month_end else None} - {None}
    return documents.names_of(chosen.get("from"), chosen.get("to"), months, chosen.get("run"))
