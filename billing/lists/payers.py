"""The words in which banks name payers, as they were learned: what is suggested for rows that say them again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from billing.lists import columns
from billing.models import Alias, RowKind
from billing.selectors import bank
from billing.services import bank_rows
from herotill import forms
from herotill.lists import BulkAction, Column, Done, List, RowAction, cells, keyset, lists
from herotill.lists.columns import Row


class PlainForm(forms.Form):
    """Nothing to fill in."""


class Forget(BulkAction):
    """Forget what was learned."""

    name, label, icon, order = "forget", "Forget", "trash", 10
    permission = "billing.match_rows"
    undoable = False
    warns = (
        "These words suggest nobody any more, until a person says again who they are. What was booked stays."
    )
    form = PlainForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Forget {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        gone = bank_rows.forget(aliases=list(chosen.order_by().values_list("pk", flat=True)))
        return Done(gone, f"{gone:,} forgotten.", {})


def _url(row: Row) -> str:
    return reverse("billing:payer-forget", args=[row["pk"]])


def _by(row: Row) -> str:
    return str(row["learned_by__name"] or "")


payers = lists.register(
    List(
        name="payers",
        title="Learned payers",
        noun="payer",
        nouns="payers",
        permission="billing.see_statements",
        url_name="billing:payers",
        rows=lambda: Alias.objects.order_by(),
        default_sort="-learned",
        action=RowAction(
            url=_url,
            label=lambda row: str(row["text"]),
            fields=("text",),
            verb="Forget",
            permission="billing.match_rows",
            in_dialog=True,
        ),
        search=bank.search_payers,
        searches="words or customer code",
        empty="Nothing was learned yet. When a person says who paid a bank row, its words are remembered here.",
        icon="question-mark-circle",
        order=38,
    )
)
COLUMNS = (
    Column(
        name="text",
        heading="The bank says",
        cell=cells.TEXT,
        fields=("text",),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="kind",
        heading="Means",
        cell=cells.words(dict(RowKind.choices)),
        fields=("kind",),
        default=True,
        order=20,
    ),
    columns.customer(30, heads_row=False),
    columns.code(40),
    Column(name="named", heading="Named", cell=cells.SHORT, fields=("named",), order=50),
    Column(
        name="learned_by",
        heading="Learned from",
        cell=cells.SHORT,
        fields=("learned_by__name",),
        value=_by,
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="learned",
        heading="Learned at",
        cell=cells.MOMENT,
        fields=("learned_at",),
        sort=keyset.by_moment("learned_at"),
        default=True,
        narrow=False,
        order=70,
    ),
)
for column in COLUMNS:
    payers.columns.register(column)
payers.bulk.register(Forget())
