"""Receipts as the books kept elsewhere told them, with what each is here."""

from __future__ import annotations

from django.urls import reverse

from billing.filters.books_receipts import FILTERS
from billing.models import BooksReceipt
from billing.policies.books_receipts import named_there
from herotill.lists import Column, Link, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.money import rand

State = BooksReceipt.State
CHIPS = {
    State.WAITS: ("Waits for a person", "warn"),
    State.BOOKED: ("Booked", "ok"),
    State.CONFIRMS: ("Only confirms", ""),
    State.EARLY: ("Before the cut-over", ""),
    State.LEFT: ("Left out", ""),
    State.GONE: ("Deleted there", ""),
}


def _url(row: Row) -> str:
    return reverse("billing:books-receipt", args=[row["pk"]])


def _label(row: Row) -> str:
    return f"{rand(row['amount'])} of {row['day']}"


def _who(row: Row) -> Link | None:
    code, name = row["receipt__customer__code"], row["receipt__customer__name"]
    if code:
        return Link(reverse("customers:profile", args=[code]), f"{name} ({code})")
    there = named_there(row["payer"], row["payer_code"])
    return Link("", f"{there} in SageOne") if there else None


books_receipts = lists.register(
    List(
        name="books-receipts",
        title="SageOne: all receipts",
        noun="receipt",
        nouns="receipts",
        permission="billing.view_booksreceipt",
        url_name="billing:books-receipts",
        rows=lambda: BooksReceipt.objects.order_by(),
        default_sort="-day",
        action=RowAction(url=_url, label=_label, fields=("amount", "day"), in_dialog=True),
        export_permission="billing.export_receipts",
        empty="SageOne has told of no receipts yet.",
        icon="banknotes",
        order=34,
    )
)
COLUMNS = (
    Column(
        name="day",
        heading="Rept Date",
        cell=cells.DAY,
        fields=("day",),
        sort=keyset.by_day("day", empty=keyset.Empty.NEVER),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("receipt__customer__code", "receipt__customer__name", "payer", "payer_code"),
        value=_who,
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="reference",
        heading="Bank Ref",
        cell=cells.SHORT,
        fields=("reference",),
        default=True,
        order=30,
    ),
    Column(name="amount", heading="Amount", cell=cells.MONEY, fields=("amount",), default=True, order=40),
    Column(
        name="state",
        heading="What it is",
        cell=cells.chips({str(state): words for state, words in CHIPS.items()}),
        fields=("state",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="trouble",
        heading="Why it waits",
        cell=cells.CLIPPED,
        fields=("trouble",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(name="text", heading="Description", cell=cells.CLIPPED, fields=("text",), order=70),
    Column(
        name="their_id", heading="SageOne's number", cell=cells.IDENTIFIER, fields=("their_id",), order=80
    ),
    Column(
        name="their_customer",
        heading="SageOne ID",
        cell=cells.IDENTIFIER,
        fields=("their_customer",),
        order=90,
    ),
)
for column in COLUMNS:
    books_receipts.columns.register(column)
for narrowing in FILTERS:
    books_receipts.filters.register(narrowing)
