"""The list of outages and planned maintenance."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse

from dataaccounts.models import Outage
from dataaccounts.selectors import outages as reading
from herotill.clock import stamp
from herotill.lists import Column, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row

STATES = {"planned": ("Planned", "accent"), "lasts": ("Lasts", "bad"), "over": ("Over", "")}
LASTING = (("true", "Lasts or planned"), ("false", "Over"))


def _search(text: str, person: object) -> Search:
    def narrowed(rows: QuerySet[Outage], along: str = "") -> QuerySet[Outage]:
        return rows.filter(headline__icontains=text)

    return narrowed


def _place(row: Row) -> str:
    sector = ", ".join(filter(None, (row["sector__highsite__name"], row["sector__name"])))
    return str(row["nas__name"] or row["highsite__name"] or sector)


def _state() -> dict[str, Any]:
    now = stamp()
    over = Case(
        When(ended_at__isnull=False, then=Value("over")),
        When(kind=Outage.Kind.MAINTENANCE, ends_at__lte=now, then=Value("over")),
        When(starts_at__gt=now, then=Value("planned")),
        default=Value("lasts"),
    )
    return {"state": over}


outages = lists.register(
    List(
        name="outages",
        title="Outages",
        noun="outage",
        nouns="outages",
        permission="dataaccounts.view_outage",
        url_name="dataaccounts:outages",
        rows=lambda: Outage.objects.order_by(),
        default_sort="-from",
        action=RowAction(
            url=lambda row: reverse("dataaccounts:outage", args=[row["pk"]]),
            label=lambda row: str(row["headline"]),
            fields=("headline",),
            permission="dataaccounts.view_outage",
        ),
        search=_search,
        searches="headline",
        export_permission="dataaccounts.view_outage",
        empty="No outages. Note one to see who is affected, and tell them.",
        icon="signal-slash",
        order=28,
    )
)
COLUMNS = (
    Column(
        name="from",
        heading="From",
        cell=cells.MOMENT,
        fields=("starts_at",),
        sort=keyset.by_moment("starts_at"),
        default=True,
        order=10,
    ),
    Column(
        name="headline",
        heading="Headline",
        cell=cells.CLIPPED,
        fields=("headline",),
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(
        name="place",
        heading="Where",
        cell=cells.SHORT,
        fields=("nas__name", "highsite__name", "sector__name", "sector__highsite__name"),
        value=_place,
        default=True,
        order=30,
    ),
    Column(
        name="kind",
        heading="What it is",
        cell=cells.words(dict(Outage.Kind.choices)),
        fields=("kind",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips(STATES),
        fields=("state",),
        annotations=_state,
        default=True,
        order=50,
    ),
    Column(
        name="until",
        heading="Until",
        cell=cells.MOMENT,
        fields=("ends_at",),
        narrow=False,
        default=True,
        order=60,
    ),
    Column(name="ended", heading="Ended", cell=cells.MOMENT, fields=("ended_at",), default=True, order=70),
    Column(
        name="told",
        heading="Customers told",
        cell=cells.NUMBER,
        batch=reading.customers_told,
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="by", heading="Noted by", fields=("noted_by__name",), order=90),
)
for column in COLUMNS:
    outages.columns.register(column)


def _lasting(rows: QuerySet[Outage], name: str, value: str) -> QuerySet[Outage]:
    now = reading.lasting(now=stamp()).order_by().values("pk")
    return rows.filter(pk__in=now) if value == "true" else rows.exclude(pk__in=now)


outages.filters.register(
    ListFilter(
        name="lasting",
        filter=django_filters.ChoiceFilter(
            label="State", choices=LASTING, empty_label="Either", method=_lasting
        ),
        order=10,
    )
)
outages.filters.register(
    ListFilter(
        name="kind",
        filter=django_filters.ChoiceFilter(
            label="What it is", choices=Outage.Kind.choices, empty_label="Either"
        ),
        order=20,
    )
)
outages.actions.register(
    PageAction(
        name="new",
        label="New outage",
        url_name="dataaccounts:outage-new",
        permission="dataaccounts.add_outage",
    )
)
