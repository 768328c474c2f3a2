"""The list of what RADIUS answered: why was my customer rejected?"""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from dataaccounts.lists import _told
from dataaccounts.models import LoginAnswer
from dataaccounts.services.devices import told_as
from herotill.lists import Column, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.reading import reading

ANSWERS = {"Access-Accept": ("Let in", "ok"), "Access-Reject": ("Rejected", "bad")}
REASONS = (
    "Unknown user name",
    "Wrong password",
    "No password set",
    "Suspended",
    "Capped",
    "Expired",
    "Cancelled",
    "Not active yet",
    "Device not known",
    "Device blocked",
    "Already logged in",
)


def _rows() -> QuerySet[Any]:
    return LoginAnswer.objects.using(reading()).annotate(**_told.about()()).order_by()


def _search(text: str, user: Any) -> Search:
    return partial(_holding, text.strip().lower())


def _holding(text: str, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    return rows.filter(Q(username__startswith=text))


def _url(row: Row) -> str:
    told = row["about"]
    if told:
        return reverse("customers:profile", args=[told["code"]])
    return f"{reverse('dataaccounts:accounts')}?q={row['username'][:100]}"


logins = lists.register(
    List(
        name="data-logins",
        title="Log-ins",
        noun="log-in",
        nouns="log-ins",
        permission="dataaccounts.view_loginanswer",
        url_name="dataaccounts:logins",
        rows=_rows,
        default_sort="-when",
        action=RowAction(
            url=_url, label=lambda row: f"the customer of {row['username']}", fields=("about", "username")
        ),
        search=_search,
        searches="user name",
        export_permission="dataaccounts.export_sessions",
        empty="No router has asked for anybody yet.",
        icon="key",
        order=26,
    )
)

COLUMNS = (
    Column(
        name="when",
        heading="When",
        cell=cells.MOMENT,
        fields=("answered_at",),
        sort=keyset.by_moment("answered_at"),
        default=True,
        order=10,
    ),
    _told.username_column(20),
    _told.customer_column(30),
    Column(
        name="answer", heading="Answer", cell=cells.chips(ANSWERS), fields=("reply",), default=True, order=40
    ),
    Column(name="reason", heading="Why not", fields=("reason",), default=True, order=50),
    Column(
        name="mac",
        heading="MAC",
        cell=cells.IDENTIFIER,
        fields=("calling_station",),
        value=lambda row: told_as(row["calling_station"]) or row["calling_station"],
        default=True,
        narrow=False,
        order=60,
    ),
    Column(name="service", heading="Service", cell=cells.SHORT, fields=("called_station",), order=70),
)


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, field_name="answered_at", lookup_expr=f"date__{lookup}", widget=widget
    )


FILTERS = (
    ListFilter(
        name="answer",
        filter=django_filters.ChoiceFilter(
            label="Answer",
            field_name="reply",
            choices=[(value, label) for value, (label, _) in ANSWERS.items()],
            empty_label="Either",
        ),
        order=10,
    ),
    ListFilter(
        name="reason",
        filter=django_filters.ChoiceFilter(label="Why not", choices=[(one, one) for one in REASONS]),
        order=20,
    ),
    _told.of_customer(30),
    ListFilter(name="from", filter=_day("From", "gte"), order=40),
    ListFilter(name="to", filter=_day("To", "lte"), order=50),
)

for column in COLUMNS:
    logins.columns.register(column)
for narrowing in FILTERS:
    logins.filters.register(narrowing)
