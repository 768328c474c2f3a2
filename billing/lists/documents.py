"""The list of documents."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from billing.filters.documents import FILTERS, names_within
from billing.lists import columns, document_deeds
from billing.models import Document, DocumentKind
from billing.policies import states
from billing.selectors import documents as reading
from herotill.lists import Column, Link, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from herotill.typed import number


def _url(row: Row) -> str:
    return reverse("billing:document", args=[row["pk"]])


def _label(row: Row) -> str:
    return str(row["name"] or f"Draft {row['pk']}")


def _link(row: Row) -> Link:
    return Link(_url(row), _label(row), row["customer__code"])


def _back(sheet: Sheet) -> dict[str, Any]:
    """The way back to the month-end whose drafts are picked from."""
    chosen = number(sheet.state.data.get("month_end"))
    return {"back": (reverse("billing:month-end", args=[chosen]), "Month-end")} if chosen is not None else {}


STATE = cells.chips(dict(states.LABELS))

documents = lists.register(
    List(
        name="documents",
        title="Documents",
        noun="document",
        nouns="documents",
        permission="billing.view_document",
        url_name="billing:documents",
        rows=lambda: Document.objects.order_by(),
        rows_for=reading.listed,
        default_sort="-date",
        action=RowAction(url=_url, label=_label, fields=("name",)),
        search=reading.narrow,
        searches="number or customer code",
        facts=_back,
        export_permission="billing.export_documents",
        empty="No documents yet. A month-end run makes them, or you begin one on a customer.",
        icon="document-text",
        order=30,
    )
)

COLUMNS = (
    Column(
        name="number",
        heading="Number",
        cell=cells.LINK,
        fields=("name", "customer__code"),
        value=_link,
        sort=keyset.by_text("name", empty=keyset.Empty.BLANK),
        within=names_within,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="kind",
        heading="Kind",
        cell=cells.words(dict(DocumentKind.choices)),
        fields=("kind",),
        default=True,
        narrow=False,
        order=20,
    ),
    columns.customer(30, heads_row=False),
    columns.code(35),
    Column(
        name="date",
        heading="Date",
        cell=cells.DAY,
        fields=("document_date",),
        sort=keyset.by_day("document_date", empty=keyset.Empty.NEVER),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="due", heading="Due", cell=cells.DAY, fields=("due_date",), default=True, narrow=False, order=50
    ),
    Column(name="total", heading="Total", cell=cells.MONEY, fields=("incl",), default=True, order=60),
    Column(
        name="open",
        heading="Open",
        cell=cells.MONEY,
        batch=reading.open_of,
        default=True,
        narrow=False,
        order=70,
    ),
    Column(name="state", heading="State", cell=STATE, batch=reading.states_of, default=True, order=80),
    Column(name="excl", heading="Excl. VAT", cell=cells.MONEY, fields=("excl",), order=100),
    Column(name="vat", heading="VAT", cell=cells.MONEY, fields=("vat",), order=110),
    Column(name="reference", heading="Reference", cell=cells.CLIPPED, fields=("reference",), order=120),
    Column(name="against", heading="Against", cell=cells.IDENTIFIER, fields=("against__name",), order=130),
    Column(name="before", heading="From before", cell=cells.YES, fields=("before",), order=140),
    Column(name="run", heading="Run", cell=cells.NUMBER, fields=("run_id",), order=150),
)

for column in COLUMNS:
    documents.columns.register(column)
for narrowing in FILTERS:
    documents.filters.register(narrowing)
for action in (document_deeds.Issue(), document_deeds.Delete(), document_deeds.Download()):
    documents.bulk.register(action)
