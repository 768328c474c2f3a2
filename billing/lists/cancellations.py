"""The list of cancellations."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse

from billing.lists import columns
from billing.models import Cancellation, CancellationReason
from herotill.folding import fold
from herotill.lists import Column, List, ListFilter, RowAction, Search, cells, keyset, lists

State = Cancellation.State
TONES = {
    State.ASKED: "warn",
    State.APPROVED: "accent",
    State.CONFIRMED: "warn",
    State.DENIED: "ok",
    State.REFUSED: "",
    State.LAPSED: "",
    State.WITHDRAWN: "ok",
    State.DONE: "bad",
}
STATE = cells.chips({state.value: (state.label, tone) for state, tone in TONES.items()})


def _search(text: str, person: object) -> Search:
    def narrowed(rows: QuerySet[Cancellation], along: str = "") -> QuerySet[Cancellation]:
        by_name = Q(customer__name_key__startswith=fold(text)) | Q(customer__code__istartswith=text)
        return rows.filter(by_name)

    return narrowed


def _in_state(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    return rows.filter(state__in=Cancellation.OPEN) if value == "open" else rows.filter(state=value)


cancellations = lists.register(
    List(
        name="cancellations",
        title="Cancellations",
        noun="cancellation",
        nouns="cancellations",
        permission="billing.view_cancellation",
        url_name="billing:cancellations",
        rows=lambda: Cancellation.objects.order_by(),
        default_sort="-asked",
        action=RowAction(
            url=lambda row: reverse("billing:cancellation", args=[row["pk"]]),
            label=lambda row: str(row["customer__name"]),
            fields=("customer__name",),
            permission="billing.view_cancellation",
        ),
        search=_search,
        searches="customer or code",
        export_permission="billing.view_cancellation",
        empty="Nobody leaves. A cancellation is asked for on the customer's profile, under Account expiry.",
        icon="arrow-right-start-on-rectangle",
        order=46,
    )
)
COLUMNS = (
    columns.customer(10),
    columns.code(20),
    Column(
        name="what",
        heading="What ends",
        cell=cells.words({True: "Everything", False: "Some accounts"}),
        fields=("whole",),
        default=True,
        order=30,
    ),
    Column(name="last_day", heading="Last day", cell=cells.DAY, fields=("last_day",), default=True, order=40),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=50),
    Column(
        name="reason", heading="Reason", cell=cells.SHORT, fields=("reason__name",), default=True, order=60
    ),
    Column(
        name="trouble",
        heading="In the way",
        cell=cells.CLIPPED,
        fields=("trouble",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="asked",
        heading="Asked",
        cell=cells.MOMENT,
        fields=("asked_at",),
        sort=keyset.by_moment("asked_at"),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="asked_by", heading="Asked by", cell=cells.SHORT, fields=("asked_by__name",), order=90),
)
for column in COLUMNS:
    cancellations.columns.register(column)
cancellations.filters.register(
    ListFilter(
        name="state",
        filter=django_filters.ChoiceFilter(
            method=_in_state, choices=[("open", "On its way"), *State.choices], label="State"
        ),
        order=10,
    )
)
cancellations.filters.register(
    ListFilter(
        name="reason",
        filter=django_filters.ModelChoiceFilter(
            field_name="reason", queryset=lambda request: CancellationReason.objects.all(), label="Reason"
        ),
        order=20,
    )
)
