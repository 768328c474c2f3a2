"""What customers ask to be changed: what waits, and all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse

from billing.lists import columns
from herotill.access import may
from herotill.folding import fold
from herotill.lists import Column, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.sheet import Sheet
from workflow.lists.waiting import PRESS
from workflow.models import ENDS, ChangeRequest
from workflow.neighbours import beside
from workflow.selectors import board, waiting
from workflow.selectors import change_requests as reading

State = ChangeRequest.State
TONES = {State.WAITING: "warn", State.ACCEPTED: "ok", State.REJECTED: "bad", State.WITHDRAWN: ""}
STATE = cells.chips({state.value: (state.label, tone) for state, tone in TONES.items()})
SEE = "workflow.view_changerequest"
LEADS = "workflow.view_lead"
PHASE, UPDATE = "customers", "update"


def _search(text: str, person: Any) -> Search:
    def narrowed(rows: QuerySet[ChangeRequest], along: str = "") -> QuerySet[ChangeRequest]:
        by_name = Q(customer__name_key__startswith=fold(text)) | Q(customer__code__istartswith=text)
        return rows.filter(by_name)

    return narrowed


def _name(row: Any) -> str:
    return f"{row['customer__name']}: {ChangeRequest.Kind(row['kind']).label}"


def _look(row: Any) -> tuple[str, str, str]:
    return reverse("workflow:change-request-look", args=[row["pk"]]), "View request", _name(row)


PAGE = RowAction(
    url=lambda row: reverse("workflow:change-request", args=[row["pk"]]),
    label=_name,
    fields=("customer__name", "kind"),
    permission=SEE,
)


def _facts(sheet: Sheet) -> dict[str, Any]:
    """The navigation of the phase, for who sees its leads."""
    shown = board.phases(waiting.counts()) if may(sheet.user, LEADS) else []
    return {
        "phases": shown,
        "phase": next((one for one in shown if one.key == PHASE), None),
        "place": UPDATE,
        "ends": [(end.value, end.label) for end in ENDS] if shown else [],
        "neighbours": beside(PHASE, sheet.user),
    }


updates = lists.register(
    List(
        name="change-requests-waiting",
        title="Customers – Update",
        noun="change request",
        nouns="change requests",
        permission=SEE,
        url_name="workflow:updates",
        rows=lambda: reading.waiting().order_by(),
        default_sort="asked",
        action=PAGE,
        search=_search,
        searches="customer or code",
        export_permission=SEE,
        empty="Nothing waits. What customers ask to be changed stands here until somebody decides.",
        icon="pencil-square",
        template_name="workflow/board/list.html",
        facts=_facts,
        order=150,
    )
)
requested = lists.register(
    List(
        name="change-requests",
        title="Customer Requested Changes",
        noun="change request",
        nouns="change requests",
        permission=SEE,
        url_name="workflow:change-requests",
        rows=lambda: ChangeRequest.objects.order_by(),
        default_sort="-asked",
        action=PAGE,
        search=_search,
        searches="customer or code",
        export_permission=SEE,
        empty="Nobody has asked for a change yet. On a customer's profile one is entered under Change requests.",
        icon="pencil-square",
        order=151,
    )
)
SHARED = (
    columns.customer(10),
    columns.code(20),
    Column(
        name="kind",
        heading="What",
        cell=cells.words(dict(ChangeRequest.Kind.choices)),
        fields=("kind",),
        default=True,
        order=30,
    ),
    Column(
        name="asked",
        heading="Asked",
        cell=cells.MOMENT,
        fields=("asked_at",),
        sort=keyset.by_moment("asked_at"),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="origin",
        heading="Asked by",
        cell=cells.words({"portal": "Customer", "staff": "Staff"}),
        fields=("origin",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="words",
        heading="In their words",
        cell=cells.CLIPPED,
        fields=("words",),
        narrow=False,
        order=60,
    ),
    Column(name="asked_by", heading="Entered by", cell=cells.SHORT, fields=("asked_by__name",), order=70),
)
DECIDED = (
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=45),
    Column(
        name="decided",
        heading="Decided",
        cell=cells.MOMENT,
        fields=("decided_at",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(
        name="decided_by",
        heading="Decided by",
        cell=cells.SHORT,
        fields=("decided_by__name",),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(
        name="why",
        heading="Reason",
        cell=cells.CLIPPED,
        fields=("why",),
        default=True,
        narrow=False,
        order=100,
    ),
)


def _choice(name: str, label: str, choices: Any, order: int) -> ListFilter:
    found = django_filters.ChoiceFilter(field_name=name, choices=choices, label=label)
    return ListFilter(name=name, filter=found, order=order)


for listing in (updates, requested):
    for column in SHARED:
        # On a phone the button stands beside the name; what is wanted stands behind it.
        narrow = column.narrow and not (listing is updates and column.name == "kind")
        listing.columns.register(replace(column, narrow=narrow))
    listing.filters.register(_choice("kind", "What", ChangeRequest.Kind.choices, 10))
    listing.filters.register(_choice("origin", "Asked by", ChangeRequest.Origin.choices, 20))
updates.columns.register(
    Column(
        name="look",
        heading="To do",
        cell=PRESS,
        fields=("customer__name", "kind"),
        value=_look,
        default=True,
        order=500,
    )
)
for column in DECIDED:
    requested.columns.register(column)
requested.filters.register(_choice("state", "State", State.choices, 5))
requested.filters.register(
    ListFilter(
        name="customer",
        filter=django_filters.CharFilter(
            field_name="customer__code", lookup_expr="iexact", label="Account code"
        ),
        order=30,
    )
)
