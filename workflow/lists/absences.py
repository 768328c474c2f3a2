"""When technicians are away."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from herotill.clock import local_day, stamp
from herotill.folding import fold
from herotill.lists import Column, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from workflow.models import Absence
from workflow.selectors import jobs as reading


def _search(text: str, person: object) -> Search:
    return lambda rows, along="": rows.filter(technician__name__icontains=fold(text))


def _to_come(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    today = local_day(stamp())
    if not value:
        return rows
    return rows.filter(ends_on__gte=today) if value == "true" else rows.filter(ends_on__lt=today)


absences = lists.register(
    List(
        name="absences",
        title="Absences of technicians",
        noun="absence",
        nouns="absences",
        permission="workflow.view_absence",
        url_name="workflow:absences",
        rows=lambda: Absence.objects.order_by(),
        default_sort="-first",
        action=RowAction(
            url=lambda row: reverse("workflow:absence", args=[row["pk"]]),
            label=lambda row: f"{row['technician__name']} from {row['starts_on']}",
            fields=("technician__name", "starts_on"),
            verb="Change",
            permission="workflow.change_absence",
            in_dialog=True,
        ),
        search=_search,
        searches="technician",
        empty="Nobody is away. What is noted here shows on the calendar.",
        icon="calendar-days",
        order=520,
    )
)
for _column in (
    Column(
        name="technician",
        heading="Technician",
        cell=cells.SHORT,
        fields=("technician__name", "technician__username"),
        value=lambda row: row["technician__name"] or row["technician__username"],
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="first",
        heading="From",
        cell=cells.DAY,
        fields=("starts_on",),
        sort=keyset.by_day("starts_on", empty=keyset.Empty.NEVER),
        default=True,
        order=20,
    ),
    Column(name="last", heading="Until", cell=cells.DAY, fields=("ends_on",), default=True, order=30),
    Column(name="why", heading="Why", cell=cells.CLIPPED, fields=("why",), default=True, order=40),
):
    absences.columns.register(_column)
absences.filters.register(
    ListFilter(
        name="technician",
        filter=django_filters.ModelChoiceFilter(
            label="Technician", queryset=lambda request: reading.technicians()
        ),
        order=10,
    )
)
absences.filters.register(
    ListFilter(
        name="to_come",
        filter=django_filters.ChoiceFilter(
            label="When",
            choices=[("true", "Now and to come"), ("false", "Gone by")],
            empty_label="Any",
            method=_to_come,
        ),
        order=20,
    )
)
absences.actions.register(
    PageAction(
        name="new", label="New absence", url_name="workflow:absence-new", permission="workflow.add_absence"
    )
)
