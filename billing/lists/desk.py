"""The collectors' work list: who is overdue, those to be called first before all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from billing.filters.desk import DESK
from billing.forms.desk import AssignForm, HandOverForm
from billing.models import Debtor, SuspensionCase
from billing.selectors import work_list as reading
from billing.services import hand_overs, work_list
from customers.lists import STATUS
from herotill.clock import local_day, stamp
from herotill.lists import BulkAction, Column, Done, Link, List, RowAction, cells, keyset, lists
from herotill.lists.cells import Tag
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from herotill.money import ZERO


def _url(row: Row) -> str:
    return reverse("billing:call", args=[row["customer__code"]])


def _name(row: Row) -> Link:
    return Link(_url(row), row["customer__name"], row["customer__code"])


def _why(row: Row) -> list[Tag]:
    """What makes somebody call today, or wait, in words."""
    day = local_day(stamp())
    told = []
    if row["next_on"] and row["next_on"] <= day:
        told.append(Tag("Next action due", "orange"))
    if row["broken"]:
        told.append(Tag(f"{row['broken']} broken" if row["broken"] > 1 else "Broken promise", "red"))
    if row["unpaid"]:
        told.append(Tag(f"{row['unpaid']} unpaid" if row["unpaid"] > 1 else "Unpaid debit", "red"))
    if row["promised_for"]:
        told.append(Tag(f"Promised for {row['promised_for']}", "blue"))
    if row["waits"] and not row["promised_for"]:
        told.append(Tag("Waits", "grey"))
    return told


def _since(row: Row) -> int | None:
    oldest: date | None = row["oldest"]
    return (local_day(stamp()) - oldest).days if oldest else None


def _cases(ids: Sequence[int]) -> Mapping[int, str]:
    return reading.cases(ids)


def facts(sheet: Sheet) -> dict[str, Any]:
    """How many, how much, and when the list was worked out."""
    sums = sheet.matching.aggregate(overdue=Sum("overdue"))
    newest = Debtor.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    return {
        "overdue": sums["overdue"] or ZERO,
        "made_at": newest,
        "query": sheet.state.narrowing.query if sheet.state.narrowing.pairs else "",
    }


class Assign(BulkAction):
    """Say who looks after the chosen customers."""

    name, label, icon, order = "assign", "Assign collector", "user-plus", 10
    permission = "billing.assign_collector"
    undoable = False
    form = AssignForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Assign {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.order_by().values_list("pk", flat=True))
        number = work_list.assign(customers=ids, collector=data["collector"])
        return Done(number, f"{number:,} assigned to {data['collector'] or 'nobody'}.", {})


class HandOver(BulkAction):
    """Hand what the chosen customers owe over to an external collector."""

    name, label, icon, order = "hand-over", "Hand over", "arrow-up-on-square", 20
    permission = "billing.hand_over"
    undoable = False
    warns = (
        "From then on they leave this list and are neither called, warned nor suspended by us. The file for the"
        " collector is taken from Hand-overs, where each can be taken back."
    )
    form = HandOverForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(overdue__gt=0).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Hand over {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.order_by("pk").values_list("pk", flat=True))
        made = hand_overs.make(customers=ids, collector=data["collector"], now=stamp(), actor=data["actor"])
        url = f"{reverse('billing:hand-overs')}?back=false"
        return Done(len(made), f"{len(made):,} handed over to {data['collector']}.", {}, url)


debtors = lists.register(
    List(
        name="desk",
        title="Collectors' desk",
        noun="customer",
        nouns="customers",
        permission="billing.view_debtor",
        url_name="billing:desk",
        rows=reading.everybody,
        default_sort="-score",
        action=RowAction(
            url=_url,
            label=lambda row: f"the call to {row['customer__name']}",
            fields=("customer__code", "customer__name"),
            verb="Open",
        ),
        search=reading.search,
        searches="name or code",
        facts=facts,
        export_permission="billing.export_debtors",
        empty="Nobody is overdue, and no next action is due.",
        icon="phone",
        template_name="billing/desk/list.html",
        order=36,
    )
)

COLUMNS = (
    Column(
        name="name",
        heading="Customer",
        cell=cells.LINK,
        fields=("customer__name", "customer__code"),
        value=_name,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="code",
        heading="Code",
        cell=cells.IDENTIFIER,
        fields=("customer__code",),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="overdue",
        heading="Overdue",
        cell=cells.MONEY,
        fields=("overdue",),
        sort=keyset.by_number("overdue"),
        default=True,
        order=30,
    ),
    Column(
        name="days",
        heading="Days",
        cell=cells.NUMBER,
        fields=("oldest",),
        value=_since,
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="oldest",
        heading="Due since",
        cell=cells.DAY,
        fields=("oldest",),
        sort=keyset.by_day("oldest"),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="why",
        heading="Why",
        cell=cells.TAGS,
        fields=("next_on", "broken", "unpaid", "promised_for", "waits"),
        value=_why,
        default=True,
        order=60,
    ),
    Column(
        name="case",
        heading="Suspension",
        cell=cells.words(dict(SuspensionCase.State.choices)),
        batch=_cases,
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="next_on",
        heading="Next action",
        cell=cells.DAY,
        fields=("next_on",),
        sort=keyset.by_day("next_on"),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(
        name="contact",
        heading="Last contact",
        cell=cells.MOMENT,
        fields=("contacted_at",),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(
        name="collector",
        heading="Collector",
        fields=("collector__name", "collector__username"),
        value=lambda row: row["collector__name"] or row["collector__username"] or "",
        default=True,
        narrow=False,
        order=100,
    ),
    Column(
        name="billing_group",
        heading="Billing group",
        cell=cells.SHORT,
        fields=("billing_group__name",),
        order=110,
    ),
    Column(name="status", heading="Status", cell=STATUS, fields=("customer__status",), order=120),
    Column(name="documents", heading="Documents", cell=cells.NUMBER, fields=("documents",), order=130),
    Column(
        name="score",
        heading="Urgency",
        cell=cells.NUMBER,
        fields=("score",),
        sort=keyset.by_number("score"),
        order=140,
    ),
)
for column in COLUMNS:
    debtors.columns.register(column)
for narrowing in DESK:
    debtors.filters.register(narrowing)
for deed in (Assign(), HandOver()):
    debtors.bulk.register(deed)
