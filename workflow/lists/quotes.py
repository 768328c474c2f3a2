"""The list of quotes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from customers.models import Customer
from herotill.clock import local_day, stamp
from herotill.folding import fold
from herotill.lists import Column, Link, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.users.models import User
from workflow.models import Lead, Quote

State = Quote.State
SOON = 7
TONES = {
    State.DRAFT: "",
    State.SENT: "accent",
    State.ACCEPTED: "ok",
    State.DECLINED: "bad",
    State.EXPIRED: "warn",
    State.REPLACED: "",
    State.WITHDRAWN: "",
}
STATE = cells.chips({state.value: (state.label, tone) for state, tone in TONES.items()})
EXPIRING = [
    ("today", "Today"),
    ("week", "Within a week"),
    ("gone", "Gone by"),
]


def quote_name(row: Row) -> str:
    return Quote(number=row["number"], version=row["version"]).name


def _for(row: Row) -> Link:
    if row["lead_id"]:
        return Link(reverse("workflow:lead", args=[row["lead_id"]]), row["lead__name"], quote_name(row))
    url = reverse("customers:profile", args=[row["customer__code"]])
    return Link(url, row["customer__name"], quote_name(row))


def _search(text: str, person: object) -> Search:
    number = text.strip().upper().removeprefix("QUO").split("-")[0]

    def narrowed(rows: QuerySet[Quote], along: str = "") -> QuerySet[Quote]:
        leads = Lead.objects.filter(name_key__startswith=fold(text))
        theirs = Customer.objects.filter(Q(name_key__startswith=fold(text)) | Q(code=text.upper()))
        found = Q(lead__in=leads.values("pk")) | Q(customer__in=theirs.values("pk"))
        if number.isdecimal() and len(number) <= 9:
            found |= Q(number=int(number))
        return rows.filter(found)

    return narrowed


def _expiring(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    today = local_day(stamp())
    sent = rows.filter(state=State.SENT)
    if value == "gone":
        return rows.filter(state=State.EXPIRED)
    last = today if value == "today" else today + timedelta(days=SOON)
    return sent.filter(expires_on__gte=today, expires_on__lte=last)


def _people(request: Any) -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF).order_by("name")


quotes = lists.register(
    List(
        name="quotes",
        title="Quotes",
        noun="quote",
        nouns="quotes",
        permission="workflow.view_quote",
        url_name="workflow:quotes",
        rows=lambda: Quote.objects.order_by(),
        default_sort="-number",
        action=RowAction(
            url=lambda row: reverse("workflow:quote", args=[row["pk"]]),
            label=quote_name,
            fields=("number", "version"),
            permission="workflow.view_quote",
        ),
        search=_search,
        searches="number, lead, customer or code",
        export_permission="workflow.export_quotes",
        empty="No quote yet. One is begun on a lead's page, or on the card Quotes of a customer.",
        icon="document-text",
        order=72,
    )
)
COLUMNS = (
    Column(
        name="for",
        heading="For",
        cell=cells.LINK,
        fields=("lead_id", "lead__name", "customer__code", "customer__name", "number", "version"),
        value=_for,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="number",
        heading="Quote No",
        cell=cells.IDENTIFIER,
        fields=("number", "version"),
        value=quote_name,
        sort=keyset.by_number("number"),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(name="state", heading="Status", cell=STATE, fields=("state",), default=True, order=30),
    Column(
        name="day",
        heading="Quote Date",
        cell=cells.DAY,
        fields=("day",),
        sort=keyset.by_day("day"),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="expires",
        heading="Stands until",
        cell=cells.DAY,
        fields=("expires_on",),
        sort=keyset.by_day("expires_on"),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(name="once", heading="Once-off", cell=cells.MONEY, fields=("once",), default=True, order=60),
    Column(name="monthly", heading="A month", cell=cells.MONEY, fields=("monthly",), default=True, order=70),
    Column(
        name="owner",
        heading="Lead's owner",
        cell=cells.SHORT,
        fields=("lead__owner__name",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="recipient", heading="Email", cell=cells.CLIPPED, fields=("recipient",), order=90),
    Column(name="sent", heading="Sent", cell=cells.MOMENT, fields=("sent_at",), order=100),
    Column(name="sent_by", heading="Sent by", cell=cells.SHORT, fields=("sent_by__name",), order=110),
    Column(name="opened", heading="First opened", cell=cells.MOMENT, fields=("opened_at",), order=120),
    Column(name="answered", heading="Answered", cell=cells.MOMENT, fields=("answered_at",), order=130),
    Column(
        name="reason", heading="Why declined", cell=cells.CLIPPED, fields=("decline_reason__name",), order=140
    ),
    Column(name="begun_by", heading="Begun by", cell=cells.SHORT, fields=("created_by__name",), order=150),
)
FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="Status", choices=State.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="expiring",
        filter=django_filters.ChoiceFilter(method=_expiring, choices=EXPIRING, label="Expires"),
        order=20,
    ),
    ListFilter(
        name="owner",
        filter=django_filters.ModelChoiceFilter(
            field_name="lead__owner", queryset=_people, label="Lead's owner"
        ),
        order=30,
    ),
    ListFilter(
        name="sent_by",
        filter=django_filters.ModelChoiceFilter(field_name="sent_by", queryset=_people, label="Sent by"),
        order=40,
    ),
)
for column in COLUMNS:
    quotes.columns.register(column)
for narrowing in FILTERS:
    quotes.filters.register(narrowing)
