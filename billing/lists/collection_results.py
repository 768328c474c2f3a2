"""What banks and gateways told of collections, with what waits for a person."""

from __future__ import annotations

from django.urls import reverse

from billing.filters.batches import OF_RESULTS
from billing.models import CollectionResult
from herotill.lists import Column, Link, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row


def _url(row: Row) -> str:
    return reverse("billing:result-row", args=[row["pk"]])


def _who(row: Row) -> Link | None:
    code, name = row["line__customer__code"], row["line__customer__name"]
    return Link(reverse("customers:profile", args=[code]), f"{name} ({code})") if code else None


def _state(row: Row) -> str:
    if row["trouble"]:
        return "doubt"
    return "booked" if row["booked_at"] else "waits"


results = lists.register(
    List(
        name="collection-results",
        title="Rows of results",
        noun="row",
        nouns="rows",
        permission="billing.view_collectionresult",
        url_name="billing:result-rows",
        rows=lambda: CollectionResult.objects.order_by(),
        default_sort="-day",
        action=RowAction(
            url=_url, label=lambda row: str(row["told_id"]), fields=("told_id",), in_dialog=True
        ),
        export_permission="billing.export_receipts",
        empty="No results yet.",
        icon="inbox-arrow-down",
        order=43,
    )
)
COLUMNS = (
    Column(
        name="day",
        heading="Day",
        cell=cells.DAY,
        fields=("day",),
        sort=keyset.by_day("day", empty=keyset.Empty.NEVER),
        default=True,
        narrow=False,
        heads_row=True,
        order=10,
    ),
    Column(
        name="kind",
        heading="What",
        cell=cells.words(dict(CollectionResult.Kind.choices)),
        fields=("kind",),
        default=True,
        order=20,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("line__customer__code", "line__customer__name"),
        value=_who,
        default=True,
        order=30,
    ),
    Column(name="amount", heading="Amount", cell=cells.MONEY, fields=("amount",), default=True, order=40),
    Column(
        name="code",
        heading="Code",
        cell=cells.IDENTIFIER,
        fields=("code",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips({"booked": ("Booked", "ok"), "waits": ("Waits", ""), "doubt": ("In doubt", "warn")}),
        fields=("trouble", "booked_at"),
        value=_state,
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="trouble",
        heading="Why in doubt",
        cell=cells.CLIPPED,
        fields=("trouble",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="reference",
        heading="Reference",
        cell=cells.SHORT,
        fields=("reference",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(
        name="text",
        heading="Text",
        cell=cells.CLIPPED,
        fields=("text",),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(name="told_id", heading="Transaction", cell=cells.IDENTIFIER, fields=("told_id",), order=100),
    Column(name="told_type", heading="Type", cell=cells.IDENTIFIER, fields=("told_type",), order=110),
    Column(name="settled_as", heading="Settled as", cell=cells.CLIPPED, fields=("settled_as",), order=120),
    Column(name="batch", heading="Batch", cell=cells.SHORT, fields=("line__batch__name",), order=130),
)
for column in COLUMNS:
    results.columns.register(column)
for narrowing in OF_RESULTS:
    results.filters.register(narrowing)
