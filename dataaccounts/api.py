"""Data accounts and what they used, as other programs see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from customers.api import found as customer_of
from dataaccounts.models import DataAccount
from dataaccounts.selectors import usage
from dataaccounts.services import accounts
from herotill.api.endpoints import asker, read, write
from herotill.api.offers import offer
from herotill.api.paging import Page, Paged, page_of
from herotill.api.scopes import Resource, Scope, resources, scopes
from herotill.api.since import Since, rows_changed
from herotill.api.taking import Taken
from herotill.api.words import Line, Number
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.reading import reading

READ, SWITCH, USAGE = "data-accounts:read", "data-accounts:suspend", "usage:read"
scopes.register(Scope(READ, "see data accounts", "dataaccounts.view_dataaccount", 20))
scopes.register(Scope(SWITCH, "suspend and restore data accounts", "dataaccounts.suspend_dataaccount", 21))
scopes.register(Scope(USAGE, "see what data accounts used", "dataaccounts.view_usageday", 22))
router = Router()
resources.register(Resource("Data accounts", router, 20))
for _order, (_kind, _label, *_holds) in enumerate(
    (
        ("created", "A data account is new", "state"),
        ("changed", "A data account was changed", "fields"),
        ("activated", "A data account was activated"),
        ("suspended", "A data account was suspended"),
        ("restored", "A data account was restored"),
        ("cancelled", "A data account was cancelled"),
        ("package-changed", "A data account has another package", "prepaid", "day"),
        ("capped", "A data account has used up its allowance"),
        ("uncapped", "A data account may go on"),
        ("topped-up", "A data account was topped up", "octets"),
    )
):
    offer(f"data-account.{_kind}", _label, "username", *_holds, order=20 + _order)
for _order, _what in enumerate(("activated", "suspended", "restored", "cancelled")):
    offer(f"voice-line.{_what}", f"A voice line was {_what}", "number", order=32 + _order)
MOST_DAYS = 400
State = Literal["waiting", "active", "suspended", "cancelled"]


class AccountOut(Schema):
    """A data account; its password is never told."""

    id: int
    username: str
    customer: str
    package: str
    prepaid: bool
    state: State
    state_since: datetime
    state_reason: str
    starts_on: date
    ends_on: date | None
    expires_at: datetime | None
    static_ip: str | None

    @staticmethod
    def resolve_customer(one: DataAccount) -> str:
        return one.customer.code

    @staticmethod
    def resolve_package(one: DataAccount) -> str:
        return one.package.name


class SwitchedOut(Schema):
    """How a data account is now; whose it is takes the scope that reads it."""

    id: int
    state: State
    state_since: datetime


class Filter(Schema):
    """Which data accounts."""

    customer: str = ""
    username: str = ""
    state: Literal["", "waiting", "active", "suspended", "cancelled"] = ""
    changed_since: Since = None


class Days(Schema):
    """From which day to which, both included; at most 400 days."""

    first: date
    last: date


class UsageOut(Schema):
    """Octets of one day."""

    day: date
    download: int
    upload: int


class ReasonIn(Schema):
    reason: Line


def _accounts() -> QuerySet[DataAccount]:
    return DataAccount.objects.select_related("customer", "package")


def _found(pk: int) -> DataAccount:
    one = _accounts().filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@read(router, "/data-accounts", scope=READ, answer=Page[AccountOut], summary="Data accounts as they came")
def data_accounts(request: HttpRequest, where: Paged, only: Annotated[Filter, Query()]) -> Any:
    known = _accounts().using(reading())
    if only.customer:
        known = known.filter(customer=customer_of(only.customer))
    if only.username:
        known = known.filter(username=only.username.replace("\0", ""))
    if only.state:
        known = known.filter(state=only.state)
    known = rows_changed(known, only.changed_since, "dataaccounts.dataaccount")
    return page_of(request, known, where, of=Taken("data-accounts", "dataaccounts.export_dataaccounts"))


@read(router, "/data-accounts/{pk}", scope=READ, answer=AccountOut, summary="One data account")
def data_account(request: HttpRequest, pk: Number) -> Any:
    return _found(pk)


@read(
    router,
    "/data-accounts/{pk}/usage",
    scope=USAGE,
    answer=list[UsageOut],
    summary="What a data account used, by day; days without usage are left out",
)
def data_account_usage(request: HttpRequest, pk: Number, days: Annotated[Days, Query()]) -> Any:
    account = _found(pk)
    if not timedelta(0) <= days.last - days.first <= timedelta(days=MOST_DAYS):
        raise DomainError(f"Ask for one to {MOST_DAYS} days.", field="last")
    used = usage.by_day([account.pk], days.first, days.last).get(account.pk, {})
    return [{"day": day, "download": one.download, "upload": one.upload} for day, one in used.items()]


@write(router, "/data-accounts/{pk}/suspend", scope=SWITCH, answer=SwitchedOut, status=200)
def suspend_data_account(request: HttpRequest, pk: Number, why: ReasonIn) -> Any:
    """An active account is no longer let in, and its sessions are cut; it is billed on."""
    return _switched(accounts.suspend, pk, why.reason, request)


@write(router, "/data-accounts/{pk}/restore", scope=SWITCH, answer=SwitchedOut, status=200)
def restore_data_account(request: HttpRequest, pk: Number, why: ReasonIn) -> Any:
    """A suspended account is let in again."""
    return _switched(accounts.restore, pk, why.reason, request)


def _switched(deed: Callable[..., Any], pk: int, reason: str, request: HttpRequest) -> DataAccount:
    account = _found(pk)
    if not deed(accounts=[pk], reason=reason, actor=asker(request), now=stamp()):
        raise DomainError(f"This data account is {account.get_state_display().lower()}: nothing was changed.")
    return _found(pk)
