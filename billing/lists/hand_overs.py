"""What external collectors work on, and worked on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from billing.filters.desk import HAND_OVERS
from billing.forms.desk import ReasonForm
from billing.lists import columns
from billing.selectors import hand_overs as reading
from billing.services import hand_overs as handing
from herotill.clock import stamp
from herotill.folding import fold
from herotill.lists import BulkAction, Column, Done, List, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet


def _url(row: Row) -> str:
    return reverse("customers:profile", args=[row["customer__code"]])


def search(text: str, user: object) -> Search:
    """By the beginning of a code or of the name."""
    wanted = Q(customer__code__startswith=text.strip().upper()) | Q(customer__name_key__startswith=fold(text))
    return lambda rows, along="": rows.filter(wanted)


class TakeBack(BulkAction):
    """Have the debts be ours again."""

    name, label, icon, order = "take-back", "Take back", "arrow-uturn-left", 10
    permission = "billing.hand_over"
    undoable = False
    warns = "They stand on the collectors' desk again, and may be warned and suspended again."
    form = ReasonForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(back_on=None).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Take back {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        found = list(chosen.filter(back_on=None).order_by("customer_id"))
        for one in found:
            handing.take_back(hand_over=one, reason=data["reason"], now=stamp(), actor=data["actor"])
        return Done(len(found), f"{len(found):,} taken back.", {})


def facts(sheet: Sheet) -> dict[str, Any]:
    """What the file for the collector is asked with."""
    return {"query": sheet.state.narrowing.query if sheet.state.narrowing.pairs else ""}


hand_overs = lists.register(
    List(
        name="hand-overs",
        title="Hand-overs",
        noun="hand-over",
        nouns="hand-overs",
        permission="billing.view_handover",
        url_name="billing:hand-overs",
        rows=reading.everything,
        default_sort="-handed_on",
        action=RowAction(
            url=_url,
            label=lambda row: str(row["customer__name"]),
            fields=("customer__code", "customer__name"),
        ),
        search=search,
        searches="code or name",
        facts=facts,
        export_permission="billing.export_handovers",
        empty="Nothing is handed over. Choose customers on the collectors' desk.",
        icon="arrow-up-on-square",
        template_name="billing/desk/hand_overs.html",
        order=38,
    )
)


def _state(row: Row) -> str:
    return "back" if row["back_on"] else "there"


for column in (
    columns.customer(10),
    columns.code(20),
    Column(
        name="collector",
        heading="Collector",
        cell=cells.CLIPPED,
        fields=("collector",),
        default=True,
        order=30,
    ),
    Column(
        name="amount",
        heading="Handed over",
        cell=cells.MONEY,
        fields=("amount",),
        sort=keyset.by_number("amount"),
        default=True,
        order=40,
    ),
    Column(
        name="handed_on",
        heading="On",
        cell=cells.DAY,
        fields=("handed_on",),
        sort=keyset.by_day("handed_on", empty=keyset.Empty.NEVER),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips({"there": ("With the collector", "warn"), "back": ("Taken back", "")}),
        fields=("back_on",),
        value=_state,
        default=True,
        order=60,
    ),
    Column(name="back_on", heading="Taken back on", cell=cells.DAY, fields=("back_on",), order=70),
    Column(name="back_why", heading="Why", cell=cells.CLIPPED, fields=("back_why",), order=80),
    Column(
        name="by",
        heading="Handed over by",
        fields=("handed_by__name", "handed_by__username"),
        value=lambda row: row["handed_by__name"] or row["handed_by__username"] or "",
        order=90,
    ),
):
    hand_overs.columns.register(column)
for narrowing in HAND_OVERS:
    hand_overs.filters.register(narrowing)
hand_overs.bulk.register(TakeBack())
