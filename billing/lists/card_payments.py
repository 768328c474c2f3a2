"""The lists of card payments and of what gateways told us."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from billing.filters.card_payments import ATTEMPTS, NOTICES
from billing.lists import columns
from billing.models import CardAttempt, CardNotice
from billing.selectors import cards as reading
from herotill.clock import local_day
from herotill.lists import Column, Link, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.money import rand

TONES = {
    "started": "",
    "reported": "warn",
    "paid": "ok",
    "verified": "ok",
    "failed": "bad",
    "cancelled": "",
    "reversed": "bad",
    "review": "warn",
}
STATES = {value: (label, TONES[value]) for value, label in CardAttempt.State.choices}


def _url(row: Row) -> str:
    return reverse("billing:card-payment", args=[row["pk"]])


def _label(row: Row) -> str:
    return f"{rand(row['amount'])} of {row['customer__name']}"


def _search(text: str, user: Any) -> Any:
    wanted = text.strip()
    condition = Q(customer__code=wanted.upper()) | Q(reference=wanted.upper()) | Q(gateway_reference=wanted)

    def narrowed(rows: QuerySet[CardAttempt], along: str = "") -> QuerySet[CardAttempt]:
        return rows.filter(condition)

    return narrowed


def _invoice(row: Row) -> Link | None:
    if not row["document_id"]:
        return None
    return Link(reverse("billing:document", args=[row["document_id"]]), row["document__name"])


def _receipt(row: Row) -> Link | None:
    return (
        Link(reverse("billing:receipt", args=[row["receipt_id"]]), "Receipt") if row["receipt_id"] else None
    )


attempts = lists.register(
    List(
        name="card-payments",
        title="Card payments",
        noun="card payment",
        nouns="card payments",
        permission="billing.view_cardattempt",
        url_name="billing:card-payments",
        rows=reading.everything,
        default_sort="-date",
        action=RowAction(url=_url, label=_label, fields=("amount", "customer__name")),
        search=_search,
        searches="customer code or a reference",
        export_permission="billing.export_receipts",
        empty="Nobody has paid by card yet. Set up a card gateway, then send a customer a link.",
        icon="banknotes",
        order=33,
    )
)
for column in (
    Column(
        name="date",
        heading="TXN Date",
        cell=cells.DAY,
        fields=("started_at",),
        value=lambda row: local_day(row["started_at"]),
        sort=keyset.by_moment("started_at"),
        default=True,
        narrow=False,
        order=10,
    ),
    columns.customer(20),
    columns.code(25),
    Column(
        name="state",
        heading="Txn Status",
        cell=cells.chips(STATES),
        fields=("state",),
        default=True,
        order=30,
    ),
    Column(
        name="invoice",
        heading="Inv No",
        cell=cells.LINK,
        fields=("document_id", "document__name"),
        value=_invoice,
        default=True,
        narrow=False,
        order=40,
    ),
    Column(name="amount", heading="Amount", cell=cells.MONEY, fields=("amount",), default=True, order=50),
    Column(
        name="purpose",
        heading="For",
        cell=cells.words(dict(CardAttempt.Purpose.choices)),
        fields=("purpose",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="says",
        heading="Says",
        cell=cells.CLIPPED,
        fields=("says",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(name="gateway", heading="Gateway", fields=("gateway__name",), order=80),
    Column(
        name="receipt", heading="Receipt", cell=cells.LINK, fields=("receipt_id",), value=_receipt, order=90
    ),
    Column(
        name="reference", heading="Our reference", cell=cells.IDENTIFIER, fields=("reference",), order=100
    ),
    Column(
        name="gateway_reference",
        heading="Gateway's reference",
        cell=cells.IDENTIFIER,
        fields=("gateway_reference",),
        order=110,
    ),
    Column(name="fee", heading="Fee", cell=cells.MONEY, fields=("fee",), order=120),
):
    attempts.columns.register(column)
for narrowing in ATTEMPTS:
    attempts.filters.register(narrowing)


def _notice_url(row: Row) -> str:
    return reverse("billing:card-notice", args=[row["pk"]])


def _notice_label(row: Row) -> str:
    return f"the notice of {row['came_at']:%Y-%m-%d %H:%M}"


def _about(row: Row) -> Link | None:
    if not row["attempt_id"]:
        return None
    url = reverse("billing:card-payment", args=[row["attempt_id"]])
    return Link(url, row["attempt__customer__name"])


def _search_notices(text: str, user: Any) -> Any:
    wanted = text.strip()

    def narrowed(rows: QuerySet[CardNotice], along: str = "") -> QuerySet[CardNotice]:
        return rows.filter(Q(gateway_reference=wanted) | Q(attempt__reference=wanted.upper()))

    return narrowed


notices = lists.register(
    List(
        name="card-notices",
        title="Gateway notices",
        noun="notice",
        nouns="notices",
        permission="billing.view_cardnotice",
        url_name="billing:card-notices",
        rows=reading.every_notice,
        default_sort="-came",
        action=RowAction(url=_notice_url, label=_notice_label, fields=("came_at",)),
        search=_search_notices,
        searches="a reference",
        export_permission="billing.export_receipts",
        empty="No gateway has told us anything yet.",
        icon="inbox",
        order=34,
    )
)
for column in (
    Column(
        name="came",
        heading="Came",
        cell=cells.MOMENT,
        fields=("came_at",),
        sort=keyset.by_moment("came_at"),
        default=True,
        order=10,
    ),
    Column(
        name="gateway",
        heading="Gateway",
        fields=("gateway__name",),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(name="status", heading="Says", fields=("status",), default=True, order=30),
    Column(name="amount", heading="Amount", cell=cells.MONEY, fields=("amount",), default=True, order=40),
    Column(
        name="verified",
        heading="Verified",
        cell=cells.YES,
        fields=("verified",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="outcome",
        heading="What became of it",
        cell=cells.CLIPPED,
        fields=("outcome",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="payment",
        heading="Payment of",
        cell=cells.LINK,
        fields=("attempt_id", "attempt__customer__name"),
        value=_about,
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="reference",
        heading="Gateway's reference",
        cell=cells.IDENTIFIER,
        fields=("gateway_reference",),
        order=80,
    ),
    Column(name="came_from", heading="Came from", cell=cells.IDENTIFIER, fields=("came_from",), order=90),
):
    notices.columns.register(column)
for narrowing in NOTICES:
    notices.filters.register(narrowing)
