"""The list of all data accounts, and what it adds to the list of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms as django_forms
from django.db.models import Exists, OuterRef, QuerySet

from customers.lists import customers, profile
from dataaccounts.models import DataAccount, Package, Sector, Session
from dataaccounts.selectors import accounts as reading
from dataaccounts.selectors.found import narrow
from dataaccounts.services import accounts
from herotill import forms
from herotill.clock import stamp
from herotill.lists import (
    BulkAction,
    Column,
    Done,
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


class WhyForm(forms.Form):
    """Why many accounts are suspended or restored."""

    reason = django_forms.CharField(max_length=200)


class _Switch(BulkAction):
    """Suspend or restore many."""

    permission = "dataaccounts.suspend_dataaccount"
    form = WhyForm
    was: str
    verb: str
    done: str

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(state=self.was).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"{self.verb} {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.filter(state=self.was).order_by().values_list("pk", flat=True))
        touched = self.deed(ids, data["reason"], data["actor"])
        count = len(touched)
        accounts_ = f"{count:,} data account{'' if count == 1 else 's'}"
        return Done(count, f"{accounts_} {self.done}.", [one.id for one in touched])

    def undo(self, *, before: Any) -> int:
        return len(self.way_back(before))

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        raise NotImplementedError

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        raise NotImplementedError


class Suspend(_Switch):
    """Suspend data accounts."""

    name, label, icon, order = "suspend", "Suspend", "pause-circle", 10
    warns = "Their sessions are cut. They go on being billed."
    was, verb, done = DataAccount.State.ACTIVE, "Suspend", "suspended"

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        return accounts.suspend(accounts=ids, reason=reason, actor=actor, now=stamp())

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        return accounts.restore(accounts=ids, reason="Suspended by mistake", actor=None, now=stamp())


class Restore(_Switch):
    """Restore data accounts."""

    name, label, icon, order = "restore", "Restore", "play-circle", 20
    was, verb, done = DataAccount.State.SUSPENDED, "Restore", "restored"

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        return accounts.restore(accounts=ids, reason=reason, actor=actor, now=stamp())

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        return accounts.suspend(accounts=ids, reason="Restored by mistake", actor=None, now=stamp())


for column in COLUMNS:
    data_accounts.columns.register(column)
for narrowing in FILTERS:
    data_accounts.filters.register(narrowing)
for deed in (Suspend(), Restore()):
    data_accounts.bulk.register(deed)


def _names(ids: Sequence[int]) -> dict[int, str]:
    return {pk: ", ".join(names) for pk, names in reading.usernames_of(ids).items()}


customers.columns.register(
    Column(
        name="data_accounts",
        heading="Data accounts",
        cell=cells.SHORT,
        batch=_names,
        permission="dataaccounts.view_dataaccount",
        default=True,
        order=60,
    )
)


def _having(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    kept = DataAccount.objects.filter(customer=OuterRef("pk")).exclude(state=DataAccount.State.CANCELLED)
    wanted = {"prepaid": kept.filter(prepaid=True), "monthly": kept.filter(prepaid=False), "none": kept}
    found = Exists(wanted[value])
    return rows.filter(~found) if value == "none" else rows.filter(found)


def _at(rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    if not value:
        return rows
    kept = DataAccount.objects.filter(customer=OuterRef("pk"), highsite=value)
    return rows.filter(Exists(kept.exclude(state=DataAccount.State.CANCELLED)))


customers.filters.register(
    ListFilter(
        name="data_kind",
        filter=django_filters.ChoiceFilter(
            label="Data accounts",
            choices=[("monthly", "Monthly"), ("prepaid", "Prepaid"), ("none", "None")],
            method=_having,
        ),
        permission="dataaccounts.view_dataaccount",
        order=112,
    )
)
customers.filters.register(
    ListFilter(
        name="data_highsite",
        filter=django_filters.ModelChoiceFilter(
            label="Data accounts at highsite", queryset=_all(Highsite), method=_at
        ),
        permission="dataaccounts.view_dataaccount",
        order=114,
    )
)
