"""The list of all data accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms as django_forms
from django.db.models import Exists, OuterRef, QuerySet

from customers.lists import profile
from dataaccounts.lists import deeds
from dataaccounts.models import DataAccount, Package, Sector, Session
from dataaccounts.selectors import accounts as reading
from dataaccounts.selectors.found import narrow
from herotill.clock import stamp
from herotill.lists import (
    Column,
    Empty,
    Link,
    List,
    ListFilter,
    RowAction,
    cells,
    keyset,
    lists,
)
from herotill.lists.columns import Row
from herotill.reference.models import Highsite

STATE = cells.chips(
    {
        "waiting": ("Not active yet", "accent"),
        "active": ("Active", "ok"),
        "suspended": ("Suspended", "bad"),
        "cancelled": ("Cancelled", ""),
    }
)
ONLINE = cells.chips({True: ("Online", "ok"), False: ("Offline", "")})
YES_OR_NO = [("true", "Yes"), ("false", "No")]


def _customer(row: Row) -> Link:
    return Link(profile({"code": row["customer__code"]}), row["customer__name"], row["customer__code"])


data_accounts = lists.register(
    List(
        name="data-accounts",
        title="Data accounts",
        noun="data account",
        nouns="data accounts",
        permission="dataaccounts.view_dataaccount",
        url_name="dataaccounts:accounts",
        rows=lambda: DataAccount.objects.order_by(),
        default_sort="username",
        action=RowAction(
            url=lambda row: profile({"code": row["customer__code"]}),
            label=lambda row: f"the profile of {row['customer__name']}",
            fields=("customer__code", "customer__name"),
        ),
        search=narrow,
        searches="user name or customer code",
        export_permission="dataaccounts.export_dataaccounts",
        empty="No data accounts yet. Add one on a customer’s profile, or import them.",
        icon="signal",
        order=20,
    )
)


def _online(ids: Sequence[int]) -> dict[int, bool]:
    up = reading.open_sessions(ids)
    return {pk: pk in up for pk in ids}


COLUMNS = (
    Column(
        name="username",
        heading="User name",
        cell=cells.IDENTIFIER,
        fields=("username",),
        sort=keyset.by_text("username"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("customer__name", "customer__code"),
        value=_customer,
        default=True,
        order=20,
    ),
    Column(
        name="package",
        heading="Package",
        cell=cells.CLIPPED,
        fields=("package__name",),
        default=True,
        order=30,
    ),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=40),
    Column(name="online", heading="Online", cell=ONLINE, batch=_online, default=True, order=50),
    Column(
        name="highsite",
        heading="Highsite",
        cell=cells.SHORT,
        fields=("highsite__name",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="sector",
        heading="Sector",
        cell=cells.SHORT,
        fields=("sector__name",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(name="prepaid", heading="Prepaid", cell=cells.YES, fields=("prepaid",), default=True, order=80),
    Column(
        name="expires",
        heading="Expires",
        cell=cells.MOMENT,
        fields=("expires_at",),
        sort=keyset.by_moment("expires_at", empty=Empty.NULL),
        default=True,
        order=90,
    ),
    Column(name="static_ip", heading="Fixed IP", cell=cells.IDENTIFIER, fields=("static_ip",), order=100),
    Column(name="starts_on", heading="First day", cell=cells.DAY, fields=("starts_on",), order=110),
    Column(name="ends_on", heading="Last day", cell=cells.DAY, fields=("ends_on",), order=120),
    Column(
        name="capped",
        heading="Capped since",
        cell=cells.MOMENT,
        fields=("capped_at",),
        order=130,
    ),
)


def _flag(rows: QuerySet[DataAccount], name: str, value: str) -> QuerySet[DataAccount]:
    return rows.filter(**{name: value == "true"})


def _capped(rows: QuerySet[DataAccount], name: str, value: str) -> QuerySet[DataAccount]:
    return rows.filter(capped_at__isnull=value != "true")


def _expired(rows: QuerySet[DataAccount], name: str, value: str) -> QuerySet[DataAccount]:
    gone = {"expires_at__lte": stamp()}
    return rows.filter(**gone) if value == "true" else rows.exclude(**gone)


def _up(rows: QuerySet[DataAccount], name: str, value: str) -> QuerySet[DataAccount]:
    up = Exists(Session.objects.filter(username=OuterRef("username"), stopped_at=None))
    return rows.filter(up) if value == "true" else rows.filter(~up)


def _either(label: str, method: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, choices=YES_OR_NO, empty_label="Either", method=method)


def _all(model: Any) -> Any:
    return lambda request: model.objects.all()


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State", choices=DataAccount.State.choices, widget=django_forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="package",
        filter=django_filters.ModelChoiceFilter(label="Package", queryset=_all(Package)),
        order=20,
    ),
    ListFilter(
        name="highsite",
        filter=django_filters.ModelChoiceFilter(label="Highsite", queryset=_all(Highsite)),
        order=30,
    ),
    ListFilter(
        name="sector",
        filter=django_filters.ModelChoiceFilter(label="Sector", queryset=_all(Sector)),
        order=40,
    ),
    ListFilter(name="prepaid", filter=_either("Prepaid", _flag), order=50),
    ListFilter(name="online", filter=_either("Online", _up), order=60),
    ListFilter(name="capped", filter=_either("Capped", _capped), order=70),
    ListFilter(name="expired", filter=_either("Expired", _expired), order=80),
)


for column in COLUMNS:
    data_accounts.columns.register(column)
for narrowing in FILTERS:
    data_accounts.filters.register(narrowing)
for deed in (deeds.Suspend(), deeds.Restore()):
    data_accounts.bulk.register(deed)
