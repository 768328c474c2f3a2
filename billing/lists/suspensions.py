"""The Accounts Workflow: cases of suspension, what comes next for each, and deeds on many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms as django_forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from billing.forms import suspensions as forms
from billing.lists import columns
from billing.models import SuspensionCase
from billing.selectors.suspensions import cases as reading
from billing.selectors.suspensions.facts import Planned
from billing.services import suspensions
from customers.models import BillingGroup, CustomerGroup
from herotill.clock import local_day, stamp
from herotill.folding import fold
from herotill.lists import BulkAction, Column, Done, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from herotill.money import rand

State = SuspensionCase.State
SHORT = {State.TAKEN_OVER: "Taken over"}
STATE = cells.chips(
    {state.value: (SHORT.get(state, state.label), tone) for state, tone in reading.TONES.items()}
)


def rows_for(query: QueryDict) -> QuerySet[SuspensionCase]:
    """Open cases; those that ended where they are asked for."""
    found = SuspensionCase.objects.order_by()
    return found if State.ENDED in query.getlist("state") else found.exclude(state=State.ENDED)


def _search(text: str, user: Any) -> Search:
    key = fold(text)
    wanted = Q(customer__code__startswith=text.strip().upper()) | Q(customer__name_key__startswith=key)
    return lambda rows, along="": rows.filter(wanted)


def _url(row: Row) -> str:
    return reverse("billing:suspension", args=[row["pk"]])


def _planned(ids: Sequence[int]) -> dict[int, Planned]:
    """What comes next for the cases of a page, by case."""
    now = stamp()
    people = dict(SuspensionCase.objects.filter(pk__in=ids).values_list("pk", "customer_id"))
    found = reading.nexts(list(people.values()), day=local_day(now), now=now)
    return {pk: found[customer] for pk, customer in people.items() if customer in found}


def _next(ids: Sequence[int]) -> dict[int, str]:
    day = local_day(stamp())
    open_ones = _planned(ids).items()
    return {pk: reading.in_words(one.decision, day) for pk, one in open_ones if one.known.case_id == pk}


def _overdue(ids: Sequence[int]) -> dict[int, Any]:
    return {pk: one.known.overdue for pk, one in _planned(ids).items() if one.known.case_id == pk}


def _why(ids: Sequence[int]) -> dict[int, str]:
    return {pk: one.why for pk, one in _planned(ids).items() if one.known.case_id == pk}


def facts(sheet: Sheet) -> dict[str, Any]:
    """The tabs with their counts."""
    counted, chosen = reading.counts(), sheet.state.data.getlist("state")
    url = reverse("billing:suspensions")
    tabs: list[tuple[str, str, int | None, bool]] = [("All open", url, counted.total(), not chosen)]
    for state in (one for one in State if one is not State.ENDED):
        tabs.append((state.label, f"{url}?state={state.value}", counted[state], chosen == [state.value]))
    tabs.append(("Ended", f"{url}?state={State.ENDED.value}", None, chosen == [State.ENDED.value]))
    return {"tabs": tabs, "preview_url": reverse("billing:suspensions-preview")}


cases = lists.register(
    List(
        name="suspensions",
        title="Accounts Workflow",
        noun="case",
        nouns="cases",
        permission="billing.view_suspensioncase",
        url_name="billing:suspensions",
        rows=lambda: SuspensionCase.objects.order_by(),
        rows_for=rows_for,
        facts=facts,
        default_sort="counts",
        action=RowAction(url=_url, label=lambda row: str(row["customer__name"]), fields=("customer__name",)),
        search=_search,
        searches="customer or code",
        export_permission="billing.export_suspensions",
        empty="Nobody has been overdue for long enough to stand here.",
        icon="no-symbol",
        template_name="billing/suspensions/list.html",
        order=44,
    )
)
COLUMNS = (
    columns.customer(10),
    columns.code(20),
    Column(
        name="overdue",
        heading="Overdue",
        cell=cells.MONEY,
        batch=_overdue,
        default=True,
        narrow=False,
        order=30,
    ),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=40),
    Column(
        name="counts",
        heading="Overdue since",
        cell=cells.DAY,
        fields=("counts_from",),
        sort=keyset.by_day("counts_from", empty=keyset.Empty.NEVER),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="next",
        heading="What comes next",
        cell=cells.TEXT,
        batch=_next,
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="group",
        heading="Customer group",
        cell=cells.SHORT,
        fields=("customer__group__name",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="billing_group",
        heading="Billing group",
        cell=cells.SHORT,
        fields=("customer__billing_group__name",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="why", heading="Why", cell=cells.CLIPPED, batch=_why, order=90),
    Column(
        name="opened",
        heading="Listed on",
        cell=cells.DAY,
        fields=("opened_on",),
        sort=keyset.by_day("opened_on", empty=keyset.Empty.NEVER),
        order=100,
    ),
    Column(name="suspended", heading="Suspended on", cell=cells.DAY, fields=("suspended_on",), order=110),
    Column(name="paused", heading="Paused until", cell=cells.DAY, fields=("paused_until",), order=120),
    Column(name="was", heading="Overdue when listed", cell=cells.MONEY, fields=("overdue",), order=130),
    Column(name="by_hand", heading="By hand", cell=cells.YES, fields=("by_hand",), order=140),
    Column(
        name="billing_stopped",
        heading="Billing stopped",
        cell=cells.DAY,
        fields=("billing_stopped_on",),
        order=150,
    ),
    Column(name="ended", heading="Ended on", cell=cells.DAY, fields=("ended_on",), order=160),
    Column(name="ended_why", heading="Why it ended", cell=cells.CLIPPED, fields=("ended_why",), order=170),
)


def _since(rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    return rows.filter(counts_from__lte=value) if value else rows


def _stopped(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    return rows.filter(billing_stopped_on__isnull=False) if value == "yes" else rows


def _amount(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = django_forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name="overdue", lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State", choices=State.choices, widget=django_forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="group",
        filter=django_filters.ModelChoiceFilter(
            label="Customer group",
            field_name="customer__group",
            queryset=lambda _: CustomerGroup.objects.all(),
        ),
        order=20,
    ),
    ListFilter(
        name="billing_group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group",
            field_name="customer__billing_group",
            queryset=lambda _: BillingGroup.objects.all(),
        ),
        order=30,
    ),
    ListFilter(name="amount_min", filter=_amount("Overdue when listed, from", "gte"), says=rand, order=40),
    ListFilter(name="amount_max", filter=_amount("Overdue when listed, to", "lte"), says=rand, order=50),
    ListFilter(
        name="since",
        filter=django_filters.DateFilter(
            label="Overdue since, at the latest",
            method=_since,
            widget=django_forms.DateInput(attrs={"type": "date"}),
        ),
        order=60,
    ),
    ListFilter(
        name="cancel",
        filter=django_filters.ChoiceFilter(
            label="Cancellation proposed", choices=[("yes", "Yes")], empty_label="Either", method=_stopped
        ),
        order=70,
    ),
)


class _Deed(BulkAction):
    """A deed on chosen cases that are in a state for it."""

    undoable = False
    states: tuple[str, ...] = ()

    def _meant(self, chosen: QuerySet[Any], data: dict[str, Any]) -> list[int]:
        found = chosen.order_by().filter(state__in=self.states)
        return list(found.values_list("pk", flat=True))

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return len(self._meant(chosen, data))

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"{self.label} {count}"


class Approve(_Deed):
    """Lets the next run warn them, and suspend them in the end."""

    name, label, icon, order = "approve", "Approve", "check", 10
    permission = "billing.approve_suspension"
    warns = "The next run sends them the first warning; then the second, then they are suspended, each on its day."
    form = forms.ApproveForm
    states = (State.LISTED,)

    def _meant(self, chosen: QuerySet[Any], data: dict[str, Any]) -> list[int]:
        ids = super()._meant(chosen, data)
        if not data.get("subs"):
            return ids
        both = suspensions.with_subs(ids)
        return list(
            SuspensionCase.objects.filter(pk__in=both, state=State.LISTED).values_list("pk", flat=True)
        )

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        meant = self._meant(chosen, data)
        count = suspensions.approve(cases=meant, actor=data["actor"], now=stamp())
        return Done(count, f"{cases.counted(count)} approved.", {})


class Pause(_Deed):
    """Leaves them alone for some days."""

    name, label, icon, order = "pause", "Pause", "pause", 20
    permission = "billing.pause_suspension"
    warns = "Who is suspended gets service back for so long, and is suspended again if still unpaid."
    form = forms.PauseForm
    states = (State.LISTED, State.APPROVED, State.WARNED, State.WARNED_TWICE, State.SUSPENDED)

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        meant = self._meant(chosen, data)
        given = {"days": data["days"], "why": data["why"], "actor": data["actor"]}
        count = suspensions.pause(cases=meant, now=stamp(), **given)
        return Done(count, f"{cases.counted(count)} paused.", {})


class Reset(_Deed):
    """Ends them and restores what they took down."""

    name, label, icon, order = "reset", "Reset", "arrow-uturn-left", 30
    permission = "billing.reset_suspension"
    warns = "Their services come back. Who still owes is listed again from tomorrow."
    form = forms.ReasonForm
    states = (*Pause.states, State.TAKEN_OVER)

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        meant = self._meant(chosen, data)
        count = suspensions.reset(cases=meant, reason=data["reason"], actor=data["actor"], now=stamp())
        return Done(count, f"{cases.counted(count)} reset.", {})


for column in COLUMNS:
    cases.columns.register(column)
for narrowing in FILTERS:
    cases.filters.register(narrowing)
for deed in (Approve(), Pause(), Reset()):
    cases.bulk.register(deed)
