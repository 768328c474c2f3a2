"""The list of exports: who took what away, when, filtered how."""

from __future__ import annotations

from herotill.lists import cells, keyset
from herotill.lists.columns import Column, Row
from herotill.lists.lists import List, RowAction, lists
from herotill.models import Export


def _list(row: Row) -> List | None:
    return lists.get(row["list_name"])


def _url(row: Row) -> str:
    listing = _list(row)
    return f"{listing.url}?{row['query']}" if listing else ""


def _title(row: Row) -> str:
    listing = _list(row)
    return listing.title if listing else str(row["list_name"])


def _label(row: Row) -> str:
    return f"{_title(row)} as it was filtered"


def _filters(row: Row) -> str:
    return "chosen one by one" if row["chosen"] is not None else str(row["query"]).replace("&", ", ")


def _person(row: Row) -> str:
    return str(row["person__name"] or row["person__username"])


exports = List(
    name="exports",
    title="Exports",
    noun="export",
    nouns="exports",
    permission="house.view_export",
    url_name="exports",
    rows=lambda: Export.objects.order_by(),
    default_sort="-at",
    action=RowAction(url=_url, label=_label, fields=("list_name", "query")),
    empty="Nobody has exported a list yet.",
    icon="arrow-down-tray",
    order=600,
)

COLUMNS = (
    Column(
        name="at",
        heading="When",
        cell=cells.MOMENT,
        fields=("at",),
        sort=keyset.by_moment("at"),
        default=True,
        order=10,
    ),
    Column(
        name="person",
        heading="Who",
        fields=("person__name", "person__username"),
        value=_person,
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(name="list", heading="What", fields=("list_name",), value=_title, default=True, order=30),
    Column(
        name="rows",
        heading="Rows",
        cell=cells.NUMBER,
        fields=("rows",),
        sort=keyset.by_number("rows"),
        default=True,
        order=40,
    ),
    Column(
        name="filters",
        heading="Filters",
        cell=cells.CLIPPED,
        fields=("query", "chosen"),
        value=_filters,
        default=True,
        order=50,
    ),
    Column(
        name="format",
        heading="Format",
        cell=cells.words({"csv": "CSV", "xlsx": "Excel", "pdf": "PDF", "api": "API"}),
        fields=("file_format",),
        default=True,
        order=60,
    ),
)


def register() -> None:
    """Have the house keep this list, with its columns."""
    lists.register(exports)
    for column in COLUMNS:
        exports.columns.register(column)
