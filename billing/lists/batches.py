"""The list of collection batches."""

from __future__ import annotations

from django.urls import reverse

from billing.collecting import channels
from billing.filters.batches import OF_BATCHES
from billing.models import CollectionBatch
from herotill.lists import Column, Link, List, PageAction, RowAction, cells, keyset, lists
from herotill.lists.columns import Row

TONES = {
    "draft": "",
    "released": "accent",
    "sent": "accent",
    "loaded": "accent",
    "authorised": "accent",
    "processed": "ok",
    "rejected": "bad",
    "cancelled": "",
}
STATES = {name: (str(label), TONES[name]) for name, label in CollectionBatch.State.choices}


def _url(row: Row) -> str:
    return reverse("billing:batch", args=[row["pk"]])


def _named(row: Row) -> Link:
    return Link(_url(row), str(row["name"]))


def _way(row: Row) -> str:
    known = channels.get(str(row["channel"]))
    return known.title if known else str(row["channel"])


batches = lists.register(
    List(
        name="collection-batches",
        title="Debit batches",
        noun="batch",
        nouns="batches",
        permission="billing.view_collectionbatch",
        url_name="billing:batches",
        rows=lambda: CollectionBatch.objects.order_by(),
        default_sort="-action_date",
        action=RowAction(url=_url, label=lambda row: str(row["name"]), fields=("name",)),
        empty="Nothing has been collected yet. Build a batch for a billing group.",
        icon="banknotes",
        order=40,
    )
)
batches.actions.register(
    PageAction(
        name="build",
        label="Build batch",
        url_name="billing:batch-build",
        permission="billing.add_collectionbatch",
    )
)
COLUMNS = (
    Column(
        name="name",
        heading="Batch",
        cell=cells.LINK,
        fields=("name",),
        value=_named,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="action_date",
        heading="Action date",
        cell=cells.DAY,
        fields=("action_date",),
        sort=keyset.by_day("action_date", empty=keyset.Empty.NEVER),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="state", heading="State", cell=cells.chips(STATES), fields=("state",), default=True, order=30
    ),
    Column(
        name="lines",
        heading="Lines",
        cell=cells.NUMBER,
        fields=("lines",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(name="total", heading="Total", cell=cells.MONEY, fields=("total",), default=True, order=50),
    Column(
        name="group",
        heading="Billing group",
        cell=cells.SHORT,
        fields=("billing_group__name",),
        narrow=False,
        default=True,
        order=60,
    ),
    Column(
        name="channel",
        heading="By",
        cell=cells.SHORT,
        fields=("channel",),
        value=_way,
        narrow=False,
        default=True,
        order=70,
    ),
    Column(name="due_upto", heading="Due by", cell=cells.DAY, fields=("due_upto",), order=80),
    Column(name="released_at", heading="Released", cell=cells.MOMENT, fields=("released_at",), order=90),
    Column(
        name="released_by", heading="Released by", cell=cells.SHORT, fields=("released_by__name",), order=100
    ),
    Column(
        name="trouble",
        heading="Trouble",
        cell=cells.CLIPPED,
        fields=("trouble",),
        narrow=False,
        default=True,
        order=110,
    ),
)
for column in COLUMNS:
    batches.columns.register(column)
for narrowing in OF_BATCHES:
    batches.filters.register(narrowing)
