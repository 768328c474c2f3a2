"""All leads, wherever they wait."""

from __future__ import annotations

import django_filters
from django import forms
from django.urls import reverse

from herotill.lists import Column, List, ListFilter, RowAction, cells, lists
from herotill.lists.columns import Row
from workflow.filters.waiting import ACTION, AREA, ORIGIN, OWNER, SOURCE
from workflow.lists.waiting import COLUMNS
from workflow.models import Lead, Step
from workflow.selectors import rows

YES_OR_NO = [("true", "Yes"), ("false", "No")]


def _lead(row: Row) -> str:
    return reverse("workflow:lead", args=[row["pk"]])


leads = lists.register(
    List(
        name="leads",
        title="All leads",
        noun="lead",
        nouns="leads",
        permission="workflow.view_lead",
        url_name="workflow:leads",
        rows=lambda: Lead.objects.order_by(),
        default_sort="-created",
        action=RowAction(url=_lead, label=lambda row: str(row["name"]), fields=("name",)),
        search=rows.search,
        searches="name, phone, email or town",
        export_permission="workflow.export_leads",
        empty="No leads yet. Capture the first one, or import them.",
        icon="user-plus",
        order=199,
    )
)


def _where(row: Row) -> str:
    return (
        f"{row['step__phase__name']}: {row['step__name']}" if row["step__phase__name"] else row["step__name"]
    )


for column in COLUMNS:
    if column.name != "since":
        leads.columns.register(column)
leads.columns.register(
    Column(
        name="list",
        heading="List",
        cell=cells.SHORT,
        fields=("step__phase__name", "step__name"),
        value=_where,
        default=True,
        order=25,
    )
)
leads.columns.register(
    Column(
        name="here",
        heading="There since",
        cell=cells.MOMENT,
        fields=("step_since",),
        default=True,
        narrow=False,
        order=30,
    )
)


def _flag(label: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label,
        choices=YES_OR_NO,
        empty_label="Either",
        method=lambda found, name, value: found.filter(**{name: value == "true"}) if value else found,
    )


LIST = django_filters.ModelMultipleChoiceFilter(
    label="List",
    field_name="step",
    queryset=lambda request: Step.objects.all(),
    widget=forms.CheckboxSelectMultiple,
)
for narrowing in (
    ListFilter(name="step", filter=LIST, order=5),
    OWNER,
    AREA,
    SOURCE,
    ACTION,
    ORIGIN,
    ListFilter(name="tell_when_covered", filter=_flag("To tell once we reach them"), order=80),
    ListFilter(name="marketing", filter=_flag("Agreed to marketing"), order=90),
):
    leads.filters.register(narrowing)
