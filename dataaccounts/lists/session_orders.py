"""The list of what is owed to sessions, and how it went."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters
from django import forms as django_forms
from django.db.models import QuerySet
from django.urls import reverse

from customers.lists import profile
from dataaccounts.models import Nas, SessionOrder
from dataaccounts.services import session_orders
from herotill import forms
from herotill.clock import stamp
from herotill.lists import (
    BulkAction,
    Column,
    Done,
    Link,
    List,
    ListFilter,
    RowAction,
    Search,
    cells,
    keyset,
    lists,
)
from herotill.lists.columns import Row

TONES = {"owed": "accent", "done": "ok", "refused": "bad", "silent": "bad", "needless": ""}
STATE = cells.chips({value: (str(label), TONES[value]) for value, label in SessionOrder.State.choices})


def _search(text: str, user: Any) -> Search:
    return partial(_holding, text.strip().lower())


def _holding(text: str, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    return rows.filter(account__username__startswith=text)


def _customer(row: Row) -> Link | None:
    code = row["account__customer__code"]
    return Link(profile({"code": code}), row["account__customer__name"], code) if code else None


def _by(row: Row) -> str:
    return str(row["ordered_by__name"] or row["ordered_by__username"] or "")


orders = lists.register(
    List(
        name="session-orders",
        title="Changes sent to routers",
        noun="change",
        nouns="changes",
        permission="dataaccounts.view_sessionorder",
        url_name="dataaccounts:orders",
        rows=lambda: SessionOrder.objects.order_by(),
        default_sort="-when",
        action=RowAction(
            url=lambda row: reverse("dataaccounts:order-again", args=[row["pk"]]),
            label=lambda row: f"{row['why']}: once more",
            fields=("why",),
            verb="Try again",
            permission="dataaccounts.cut_session",
            in_dialog=True,
        ),
        search=_search,
        searches="user name",
        export_permission="dataaccounts.export_sessions",
        empty="No change concerned a session that was up yet.",
        icon="bolt",
        order=27,
    )
)

COLUMNS = (
    Column(
        name="when",
        heading="Ordered",
        cell=cells.MOMENT,
        fields=("ordered_at",),
        sort=keyset.by_moment("ordered_at"),
        default=True,
        order=10,
    ),
    Column(
        name="account",
        heading="User name",
        cell=cells.IDENTIFIER,
        fields=("account__username",),
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("account__customer__name", "account__customer__code"),
        value=_customer,
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="kind",
        heading="To do",
        cell=cells.words(dict(SessionOrder.Kind.choices)),
        fields=("kind",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(name="why", heading="Why", cell=cells.CLIPPED, fields=("why",), default=True, order=50),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=60),
    Column(
        name="answer",
        heading="What came of it",
        cell=cells.TEXT,
        fields=("answer",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="nas",
        heading="NAS",
        cell=cells.SHORT,
        fields=("nas__name",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="tries", heading="Tries", cell=cells.NUMBER, fields=("tries",), default=True, order=90),
    Column(name="due", heading="Next try", cell=cells.MOMENT, fields=("due_at",), order=100),
    Column(name="ended", heading="Ended", cell=cells.MOMENT, fields=("ended_at",), order=110),
    Column(
        name="by",
        heading="Ordered by",
        fields=("ordered_by__name", "ordered_by__username"),
        value=_by,
        order=120,
    ),
)


def _routers(request: Any) -> QuerySet[Nas]:
    return Nas.objects.all()


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State", choices=SessionOrder.State.choices, widget=django_forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="kind",
        filter=django_filters.ChoiceFilter(
            label="To do", choices=SessionOrder.Kind.choices, empty_label="Either"
        ),
        order=20,
    ),
    ListFilter(name="nas", filter=django_filters.ModelChoiceFilter(label="NAS", queryset=_routers), order=30),
    ListFilter(
        name="customer",
        filter=django_filters.CharFilter(
            label="Customer code", field_name="account__customer__code", lookup_expr="iexact"
        ),
        order=40,
    ),
)


class Again(BulkAction):
    """Try what failed once more."""

    name, label, icon, order = "again", "Try again", "arrow-path", 10
    permission = "dataaccounts.cut_session"
    undoable = False
    warns = "Only sessions that are still up are told; each gets what is owed to it now."
    form = forms.Form

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return self._failed(chosen).count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Try {count} again"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        failed = list(self._failed(chosen))
        owed = session_orders.all_again(orders=failed, actor=data["actor"], now=stamp())
        sentence = f"{owed:,} order{'' if owed == 1 else 's'} will be tried again."
        return Done(owed, sentence, {})

    def _failed(self, chosen: QuerySet[Any]) -> QuerySet[Any]:
        return chosen.filter(state__in=session_orders.FAILED).order_by()

    def undo(self, *, before: Any) -> int:
        raise NotImplementedError("What a router was told cannot be taken back.")


for column in COLUMNS:
    orders.columns.register(column)
for narrowing in FILTERS:
    orders.filters.register(narrowing)
orders.bulk.register(Again())
