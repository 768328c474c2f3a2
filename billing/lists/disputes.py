"""The list of disputes, with how long each has waited."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from billing.filters.desk import DISPUTES
from billing.selectors import disputes as reading
from herotill.clock import local_day, stamp
from herotill.folding import fold
from herotill.lists import Column, Link, List, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row


def _url(row: Row) -> str:
    return reverse("billing:document", args=[row["document_id"]])


def _age(row: Row) -> int:
    until = row["answered_at"] or stamp()
    return (local_day(until) - local_day(row["opened_at"])).days


def search(text: str, user: object) -> Search:
    """By the beginning of a code, of a word of the name, or of a document's number."""
    key, upper = fold(text), text.strip().upper()
    wanted = (
        Q(document__customer__code__startswith=upper)
        | Q(document__customer__name_key__startswith=key)
        | Q(document__name__startswith=upper)
    )
    return lambda rows, along="": rows.filter(wanted)


disputes = lists.register(
    List(
        name="disputes",
        title="Disputes",
        noun="dispute",
        nouns="disputes",
        permission="billing.view_dispute",
        url_name="billing:disputes",
        rows=reading.everything,
        default_sort="-opened",
        action=RowAction(
            url=_url, label=lambda row: str(row["document__name"]), fields=("document_id", "document__name")
        ),
        search=search,
        searches="code, name or document",
        export_permission="billing.export_documents",
        empty="Nobody disputes anything.",
        icon="chat-bubble-left-right",
        order=37,
    )
)


def _customer(row: Row) -> Link:
    url = reverse("customers:profile", args=[row["document__customer__code"]])
    return Link(url, row["document__customer__name"], row["document__customer__code"])


for column in (
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("document__customer__name", "document__customer__code"),
        value=_customer,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="document",
        heading="Document",
        cell=cells.LINK,
        fields=("document__name", "document_id"),
        value=lambda row: Link(_url(row), row["document__name"]),
        default=True,
        order=20,
    ),
    Column(
        name="amount", heading="Amount", cell=cells.MONEY, fields=("document__incl",), default=True, order=30
    ),
    Column(name="reason", heading="Disputed", cell=cells.CLIPPED, fields=("reason",), default=True, order=40),
    Column(
        name="opened",
        heading="Since",
        cell=cells.MOMENT,
        fields=("opened_at",),
        sort=keyset.by_moment("opened_at"),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="age",
        heading="Days",
        cell=cells.NUMBER,
        fields=("opened_at", "answered_at"),
        value=_age,
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips({"open": ("Waits for an answer", "warn"), "answered": ("Answered", "ok")}),
        fields=("answered_at",),
        value=lambda row: "answered" if row["answered_at"] else "open",
        default=True,
        order=70,
    ),
    Column(name="answer", heading="Answer", cell=cells.CLIPPED, fields=("answer",), order=80),
    Column(
        name="by",
        heading="Noted by",
        fields=("opened_by__name", "opened_by__username"),
        value=lambda row: row["opened_by__name"] or row["opened_by__username"] or "",
        order=90,
    ),
):
    disputes.columns.register(column)
for narrowing in DISPUTES:
    disputes.filters.register(narrowing)
