"""The preview of a month-end as a list: whose invoice differs from last month's, and why."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from billing.lists import columns
from billing.models import MonthEnd, PreviewRow
from billing.policies.previewing import REASONS
from herotill.lists import Column, List, ListFilter, RowAction, cells, keyset, lists
from herotill.lists.columns import Row


def _reasons(row: Row) -> str:
    return ", ".join(REASONS.get(one, one) for one in row["reasons"])


def _with_reason(rows: QuerySet[PreviewRow], name: str, value: list[str]) -> QuerySet[PreviewRow]:
    return rows.filter(reasons__overlap=value) if value else rows


def _differs(rows: QuerySet[PreviewRow], name: str, value: str) -> QuerySet[PreviewRow]:
    return rows.exclude(difference=0) if value else rows


def _month_ends(request: Any) -> QuerySet[MonthEnd]:
    return MonthEnd.objects.select_related("billing_group")


preview = lists.register(
    List(
        name="month-end-preview",
        title="Preview of a month-end",
        noun="customer",
        nouns="customers",
        permission="billing.view_monthend",
        url_name="billing:month-end-preview",
        rows=lambda: PreviewRow.objects.order_by(),
        default_sort="-difference",
        action=RowAction(
            url=columns.profile_url, label=lambda row: str(row["customer__code"]), fields=("customer__code",)
        ),
        export_permission="billing.export_documents",
        empty="Nobody differs from last month, or no preview was made yet.",
        icon="scale",
        order=35,
    )
)

COLUMNS = (
    columns.customer(10),
    columns.code(20),
    Column(name="last", heading="Last month", cell=cells.MONEY, fields=("last",), default=True, order=30),
    Column(
        name="this",
        heading="This month",
        cell=cells.MONEY,
        fields=("this",),
        sort=keyset.by_number("this"),
        default=True,
        order=40,
    ),
    Column(
        name="difference",
        heading="Difference",
        cell=cells.MONEY,
        fields=("difference",),
        sort=keyset.by_number("difference"),
        default=True,
        order=50,
    ),
    Column(
        name="reasons",
        heading="Reasons",
        cell=cells.TEXT,
        fields=("reasons",),
        value=_reasons,
        default=True,
        order=60,
    ),
    Column(
        name="words",
        heading="Why",
        cell=cells.CLIPPED,
        fields=("words",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="over_billed",
        heading="Billed too much",
        cell=cells.MONEY,
        fields=("over_billed",),
        order=80,
    ),
)
FILTERS = (
    ListFilter(
        name="month_end",
        filter=django_filters.ModelChoiceFilter(label="Month-end", queryset=_month_ends),
        order=10,
    ),
    ListFilter(
        name="reason",
        filter=django_filters.MultipleChoiceFilter(
            label="Reason",
            choices=list(REASONS.items()),
            widget=forms.CheckboxSelectMultiple,
            method=_with_reason,
        ),
        order=20,
    ),
    ListFilter(
        name="differs",
        filter=django_filters.ChoiceFilter(
            label="Difference",
            choices=[("yes", "Only who differs")],
            empty_label="All",
            method=_differs,
        ),
        order=30,
    ),
)
for column in COLUMNS:
    preview.columns.register(column)
for narrowing in FILTERS:
    preview.filters.register(narrowing)
