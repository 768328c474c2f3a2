"""The list of who is online."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from functools import partial
from typing import Any

from django import forms as django_forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from dataaccounts.lists import _told
from dataaccounts.policies.measures import octets_in_words
from dataaccounts.selectors import sessions as reading
from dataaccounts.services import session_orders
from herotill import forms
from herotill.clock import stamp
from herotill.lists import BulkAction, Cell, Column, Done, List, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row

OCTETS = Cell(html=octets_in_words, plain=lambda value: value, css="num")


def _search(text: str, user: Any) -> Search:
    return partial(_holding, text.strip().lower())


def _holding(text: str, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    """By the beginning of a user name, or by an IP address."""
    found = Q(username__startswith=text)
    with suppress(ValueError):
        found |= Q(ip_address=str(ipaddress.ip_address(text)))
    return rows.filter(found)


def _url(row: Row) -> str:
    told = row["about"]
    return reverse("customers:profile", args=[told["code"]]) if told else reverse("dataaccounts:logins")


sessions = lists.register(
    List(
        name="data-sessions",
        title="Who is online",
        noun="session",
        nouns="sessions",
        permission="dataaccounts.view_session",
        url_name="dataaccounts:sessions",
        rows=lambda: reading.open_ones().annotate(**_told.about()()).order_by(),
        default_sort="-since",
        action=RowAction(
            url=_url, label=lambda row: f"the customer of {row['username']}", fields=("about", "username")
        ),
        search=_search,
        searches="user name or IP address",
        export_permission="dataaccounts.export_sessions",
        empty="Nobody is online. Sessions stand here as soon as a router reports one.",
        icon="signal",
        order=25,
    )
)

COLUMNS = (
    _told.username_column(10),
    _told.customer_column(20),
    Column(
        name="ip",
        heading="IP address",
        cell=cells.IDENTIFIER,
        fields=("ip_address",),
        default=True,
        order=30,
    ),
    Column(
        name="since",
        heading="Since",
        cell=cells.MOMENT,
        fields=("started_at",),
        sort=keyset.by_moment("started_at", empty=keyset.Empty.NULL),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="nas",
        heading="NAS",
        cell=cells.LINK,
        fields=("router",),
        annotations=_told.router,
        value=_told.nas,
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="sector",
        heading="Sector",
        cell=cells.SHORT,
        fields=("about",),
        value=_told.of("sector"),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="signal",
        heading="Signal, dBm",
        cell=cells.NUMBER,
        fields=("about",),
        value=_told.of("dbm"),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="download",
        heading="Down",
        cell=OCTETS,
        fields=("router", "input_octets", "output_octets"),
        annotations=_told.router,
        value=partial(_told.octets, down=True),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(
        name="upload",
        heading="Up",
        cell=OCTETS,
        fields=("router", "input_octets", "output_octets"),
        annotations=_told.router,
        value=partial(_told.octets, down=False),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(
        name="highsite",
        heading="Highsite",
        cell=cells.SHORT,
        fields=("about",),
        value=_told.of("highsite"),
        order=100,
    ),
    Column(
        name="package",
        heading="Package",
        cell=cells.CLIPPED,
        fields=("about",),
        value=_told.of("package"),
        order=110,
    ),
    Column(name="mac", heading="MAC", cell=cells.IDENTIFIER, fields=("calling_station",), order=120),
    Column(name="heard", heading="Last report", cell=cells.MOMENT, fields=("updated_at",), order=130),
    Column(
        name="nas_address", heading="NAS address", cell=cells.IDENTIFIER, fields=("nas_address",), order=140
    ),
)


class WhyForm(forms.Form):
    """Why many sessions are cut."""

    reason = django_forms.CharField(max_length=200)


class Disconnect(BulkAction):
    """Cut sessions."""

    name, label, icon, order = "disconnect", "Disconnect", "bolt-slash", 10
    permission = "dataaccounts.cut_session"
    undoable = False
    warns = "Their routers are told, no faster than each takes it. Equipment usually dials in again at once."
    form = WhyForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Disconnect {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.order_by().values_list("unique_id", flat=True))
        owed = session_orders.cut(unique_ids=ids, why=data["reason"], actor=data["actor"], now=stamp())
        sentence = f"{owed:,} session{'' if owed == 1 else 's'} will be cut."
        return Done(owed, sentence, {}, reverse("dataaccounts:orders"))

    def undo(self, *, before: Any) -> int:
        raise NotImplementedError("A session that was cut cannot be put back.")


for column in COLUMNS:
    sessions.columns.register(column)
for narrowing in (_told.of_customer(10), *_told.by_place(20)):
    sessions.filters.register(narrowing)
sessions.bulk.register(Disconnect())
