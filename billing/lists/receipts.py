"""The list of receipts."""

from __future__ import annotations

from django.urls import reverse

from billing.filters.receipts import FILTERS
from billing.lists import columns
from billing.models import Receipt
from billing.selectors import receipts as reading
from herotill.lists import Column, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.money import rand


def _url(row: Row) -> str:
    return reverse("billing:receipt", args=[row["pk"]])


def _label(row: Row) -> str:
    return f"{rand(row['amount'])} of {row['receipt_date']}"


def _by(row: Row) -> str:
    return str(row["captured_by__name"] or row["captured_by__username"] or "")


def _state(row: Row) -> str:
    return "reversed" if row["reversal__reversed_on"] else "stands"


receipts = lists.register(
    List(
        name="receipts",
        title="Receipts",
        noun="receipt",
        nouns="receipts",
        permission="billing.view_receipt",
        url_name="billing:receipts",
        rows=reading.everything,
        default_sort="-date",
        action=RowAction(url=_url, label=_label, fields=("amount", "receipt_date")),
        search=reading.search,
        searches="customer code or bank reference",
        export_permission="billing.export_receipts",
        empty="Nothing has been received yet. Capture receipts, or import a bank statement.",
        icon="banknotes",
        order=32,
    )
)

COLUMNS = (
    Column(
        name="date",
        heading="Rept Date",
        cell=cells.DAY,
        fields=("receipt_date",),
        sort=keyset.by_day("receipt_date", empty=keyset.Empty.NEVER),
        default=True,
        order=10,
    ),
    columns.customer(20),
    columns.code(25),
    Column(
        name="account",
        heading="Bank account",
        cell=cells.SHORT,
        fields=("account__name",),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="reference",
        heading="Bank ref",
        cell=cells.CLIPPED,
        fields=("reference",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(name="amount", heading="Amount", cell=cells.MONEY, fields=("amount",), default=True, order=50),
    Column(
        name="unallocated",
        heading="Unallocated",
        cell=cells.MONEY,
        batch=reading.lefts,
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips({"stands": ("Received", "ok"), "reversed": ("Reversed", "bad")}),
        fields=("reversal__reversed_on",),
        value=_state,
        default=True,
        order=70,
    ),
    Column(
        name="method",
        heading="Paid by",
        cell=cells.words(dict(Receipt.Method.choices)),
        fields=("method",),
        order=100,
    ),
    Column(
        name="captured_by",
        heading="Captured by",
        fields=("captured_by__name", "captured_by__username"),
        value=_by,
        order=110,
    ),
    Column(name="captured_at", heading="Captured at", cell=cells.MOMENT, fields=("captured_at",), order=120),
    Column(name="note", heading="Note", cell=cells.CLIPPED, fields=("note",), order=130),
    Column(name="before", heading="From before", cell=cells.YES, fields=("before",), order=140),
    Column(name="run", heading="Run", cell=cells.NUMBER, fields=("run_id",), order=150),
)

for column in COLUMNS:
    receipts.columns.register(column)
for narrowing in FILTERS:
    receipts.filters.register(narrowing)
