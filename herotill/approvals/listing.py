"""The list of what waits for a second person, or did."""

from __future__ import annotations

import django_filters
from django.urls import reverse

from herotill.approvals.kinds import kinds
from herotill.lists import Column, Link, List, ListFilter, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.models import ApprovalRequest

TONES = {"open": "warn", "approved": "ok", "refused": "bad"}
STATE = cells.chips(
    {value: (str(label), TONES.get(value, "")) for value, label in ApprovalRequest.State.choices}
)


def _url(row: Row) -> str:
    return reverse("approval", args=[row["pk"]])


def _about(row: Row) -> Link:
    return Link(_url(row), row["about"])


def _title(row: Row) -> str:
    kind = kinds.get(row["kind"])
    return kind.title if kind else str(row["kind"])


def _person(role: str) -> tuple[str, str]:
    return (f"{role}__name", f"{role}__username")


def _asked_by(row: Row) -> str:
    return str(row["asked_by__name"] or row["asked_by__username"])


def _decided_by(row: Row) -> str:
    return str(row["decided_by__name"] or row["decided_by__username"] or "")


approvals = List(
    name="approvals",
    title="Approvals",
    noun="approval",
    nouns="approvals",
    permission="house.view_approval",
    url_name="approvals",
    rows=lambda: ApprovalRequest.objects.order_by(),
    default_sort="state",
    action=RowAction(url=_url, label=lambda row: str(row["about"]), fields=("about",)),
    empty="Nothing has waited for a second person yet.",
    icon="check-badge",
    order=590,
)

COLUMNS = (
    Column(
        name="asked",
        heading="Asked",
        cell=cells.MOMENT,
        fields=("asked_at",),
        sort=keyset.by_moment("asked_at"),
        default=True,
        narrow=False,
        order=10,
    ),
    Column(
        name="about",
        heading="About",
        cell=cells.LINK,
        fields=("about",),
        value=_about,
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(name="kind", heading="What", fields=("kind",), value=_title, default=True, narrow=False, order=30),
    Column(
        name="asked_by",
        heading="By",
        fields=_person("asked_by"),
        value=_asked_by,
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="state",
        heading="State",
        cell=STATE,
        fields=("state",),
        sort=keyset.by_flag("is_closed"),
        default=True,
        order=50,
    ),
    Column(
        name="decided_by", heading="Decided by", fields=_person("decided_by"), value=_decided_by, order=60
    ),
    Column(
        name="decided",
        heading="Decided",
        cell=cells.MOMENT,
        fields=("decided_at",),
        sort=keyset.by_moment("decided_at", empty=keyset.Empty.NULL),
        order=70,
    ),
    Column(name="reason", heading="Reason", cell=cells.CLIPPED, fields=("reason",), order=80),
)


def _kinds() -> list[tuple[str, str]]:
    return [(kind.name, kind.title) for kind in kinds]


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.ChoiceFilter(
            field_name="state", label="State", choices=ApprovalRequest.State.choices, empty_label="Any"
        ),
        order=10,
    ),
    ListFilter(
        name="kind",
        filter=django_filters.ChoiceFilter(
            field_name="kind", label="What", choices=_kinds, empty_label="Anything"
        ),
        order=20,
    ),
)


def register() -> None:
    """Have the house keep this list, with its columns and filters."""
    lists.register(approvals)
    for column in COLUMNS:
        approvals.columns.register(column)
    for one in FILTERS:
        approvals.filters.register(one)
