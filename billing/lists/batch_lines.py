"""The lines of a batch, and who was left out of it."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from billing.filters.batches import OF_LEFT_OUT, OF_LINES
from billing.lists import columns
from billing.models import CollectionBatch, CollectionLine, LeftOut, Mandate
from billing.policies.batches import LEFT_OUT
from customers.models import Customer
from herotill.among import few
from herotill.folding import fold
from herotill.lists import Column, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.typed import number

TONES = {
    "planned": "",
    "sent": "accent",
    "collected": "ok",
    "unpaid": "bad",
    "refused": "bad",
    "withdrawn": "warn",
}
STATES = {name: (str(label), TONES[name]) for name, label in CollectionLine.State.choices}


def _line_url(row: Row) -> str:
    return reverse("billing:batch-line", args=[row["pk"]])


def _search(text: str, user: Any) -> Any:
    """By the beginning of a customer's code or of a word of their name."""
    few_of_them = few(Customer.objects.filter(_called(text)), field="customer")

    def narrowed(rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
        return rows.filter(_called(text, "customer__") if few_of_them is None else few_of_them)

    return narrowed


def _called(text: str, of: str = "") -> Q:
    key = fold(text)
    by_name = Q((f"{of}name_key__startswith", key)) | Q((f"{of}name_key__contains", f" {key}"))
    return Q((f"{of}code__startswith", text.strip().upper())) | by_name


def _back(sheet: Any) -> dict[str, Any]:
    """The batch whose rows are shown, to go back to."""
    pk = number(sheet.state.data.get("batch"))
    found = CollectionBatch.objects.filter(pk=pk).first() if pk else None
    if found is None:
        return {"back": (reverse("billing:batches"), "Debit batches")}
    return {"back": (reverse("billing:batch", args=[found.pk]), found.name), "of_batch": found}


def _warned(row: Row) -> str:
    return " ".join(one["says"] for one in row["warnings"])


def _why(row: Row) -> str:
    return str(row["withdrawn_why"] or row["edited_why"])


def _rest(row: Row) -> Any:
    return max(row["due"] - row["credit"] - row["amount"], 0)


def _left_out() -> QuerySet[Any]:
    """Who was left out, with the day and the rule of holidays that their mandate has now."""
    agreed = Mandate.objects.filter(customer=OuterRef("customer"), status=Mandate.Status.ACTIVE)
    return LeftOut.objects.order_by().annotate(
        mandated=Subquery(agreed.values("debit_day")[:1]), moved=Subquery(agreed.values("holiday")[:1])
    )


def _mandated_for(row: Row) -> str:
    """`day 31, the business day before`: what a mandate for another day says."""
    if row["why"] != "other_day" or row["mandated"] is None:
        return ""
    return f"day {row['mandated']}, {Mandate.Holiday(row['moved']).label.lower()}"


lines = lists.register(
    List(
        name="collection-lines",
        title="Lines of batches",
        noun="line",
        nouns="lines",
        permission="billing.view_collectionbatch",
        url_name="billing:batch-lines",
        rows=lambda: CollectionLine.objects.order_by(),
        default_sort="-amount",
        action=RowAction(
            url=_line_url,
            label=lambda row: str(row["reference"]),
            fields=("reference",),
            in_dialog=True,
        ),
        search=_search,
        searches="customer code or name",
        export_permission="billing.export_documents",
        empty="No line.",
        facts=_back,
        template_name="billing/collections/rows.html",
        icon="queue-list",
        order=41,
    )
)
LINE_COLUMNS = (
    columns.customer(10),
    columns.code(20),
    Column(
        name="amount",
        heading="Amount",
        cell=cells.MONEY,
        fields=("amount",),
        sort=keyset.by_number("amount"),
        default=True,
        order=30,
    ),
    Column(
        name="state", heading="State", cell=cells.chips(STATES), fields=("state",), default=True, order=40
    ),
    Column(
        name="due", heading="Due", cell=cells.MONEY, fields=("due",), default=True, narrow=False, order=50
    ),
    Column(
        name="credit",
        heading="Credit",
        cell=cells.MONEY,
        fields=("credit",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="rest",
        heading="Not collected",
        cell=cells.MONEY,
        fields=("due", "credit", "amount"),
        value=_rest,
        order=70,
    ),
    Column(
        name="warnings",
        heading="Look twice",
        cell=cells.CLIPPED,
        fields=("warnings",),
        value=_warned,
        default=True,
        narrow=False,
        order=80,
    ),
    Column(
        name="why",
        heading="Reason",
        cell=cells.CLIPPED,
        fields=("withdrawn_why", "edited_why"),
        value=_why,
        default=True,
        narrow=False,
        order=90,
    ),
    Column(name="code_back", heading="Code", cell=cells.IDENTIFIER, fields=("result_code",), order=100),
    Column(name="result_on", heading="Result on", cell=cells.DAY, fields=("result_on",), order=110),
    Column(
        name="paid_after",
        heading="Paid after release",
        cell=cells.YES,
        fields=("paid_after_release",),
        order=120,
    ),
    Column(name="batch", heading="Batch", cell=cells.SHORT, fields=("batch__name",), order=130),
)
left_out = lists.register(
    List(
        name="collection-left-out",
        title="Left out of batches",
        noun="customer",
        nouns="customers",
        permission="billing.view_collectionbatch",
        url_name="billing:batch-left-out",
        rows=_left_out,
        default_sort="-due",
        action=RowAction(
            url=columns.profile_url,
            label=lambda row: str(row["customer__code"]),
            fields=("customer__code",),
        ),
        search=_search,
        searches="customer code or name",
        export_permission="billing.export_documents",
        empty="Nobody is left out.",
        facts=_back,
        template_name="billing/collections/rows.html",
        icon="user-minus",
        order=42,
    )
)
OUT_COLUMNS = (
    columns.customer(10),
    columns.code(20),
    Column(name="why", heading="Why", cell=cells.words(LEFT_OUT), fields=("why",), default=True, order=30),
    Column(
        name="mandated",
        heading="Mandated for",
        cell=cells.SHORT,
        fields=("why", "mandated", "moved"),
        value=_mandated_for,
        default=True,
        narrow=False,
        order=35,
    ),
    Column(
        name="due",
        heading="Due",
        cell=cells.MONEY,
        fields=("due",),
        sort=keyset.by_number("due"),
        default=True,
        order=40,
    ),
    Column(name="batch", heading="Batch", cell=cells.SHORT, fields=("batch__name",), order=50),
)
for listing, shown, narrowings in (
    (lines, LINE_COLUMNS, OF_LINES),
    (left_out, OUT_COLUMNS, OF_LEFT_OUT),
):
    for column in shown:
        listing.columns.register(column)
    for narrowing in narrowings:
        listing.filters.register(narrowing)
