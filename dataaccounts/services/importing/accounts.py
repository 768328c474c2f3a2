"""Importing data accounts. What is there stays as it is; passwords are written and never told again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from customers.models import Address, Customer
from dataaccounts import billed
from dataaccounts.models import DataAccount, Package, Sector, ServiceSpan, Session
from dataaccounts.policies.importing import AccountRow, read_account
from dataaccounts.selectors import checks, usage
from dataaccounts.selectors.rules import rules
from dataaccounts.services import account_making, accounts
from dataaccounts.services.account_making import NewAccount
from herotill.clock import moment, stamp
from herotill.folding import fold
from herotill.imports.judging import Judged, chunks, read
from herotill.imports.kinds import KEPT, REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow
from herotill.months import Month
from herotill.reference.models import Highsite

REPORT = ("username", "code", "package", "price", "state", "starts", "warnings")
GONE = "It has been deleted since."
BILLED = "It has been billed; cancel it instead."
USED = "It has been used; cancel it instead."
NEEDED = "Toppings, changes or other records hang on it; cancel it instead."
IMPORTED = "Suspended where it came from"
LAST_MOMENT = time(23, 59, 59)


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement, now = _Judgement(source), stamp()
    for state in ("waiting", "active", "suspended"):
        for some in chunks(
            [one for one in judgement.rows if one.stands and one.row and one.row.state == state]
        ):
            judgement.write(some, state, now)
    yield from (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file against the customers, packages, places and accounts that are there."""

    def __init__(self, source: Source) -> None:
        self._day, self._actor = source.day, source.actor
        self.rows: list[Judged[AccountRow]] = read(source, read_account, self._values)
        said = [one.row for one in self.rows if one.row]
        found = Customer.objects.filter(code__in={row.code for row in said})
        self._customers: dict[str, Customer] = {one.code: one for one in found}
        self._packages = {one.name_key: one for one in Package.objects.select_related("product")}
        self._highsites = {one.name_key: one for one in Highsite.objects.all()}
        self._sectors: dict[str, list[Sector]] = {}
        for sector in Sector.objects.select_related("highsite"):
            self._sectors.setdefault(sector.name_key, []).append(sector)
        self._addresses = self._read_addresses({row.code for row in said if row.address})
        taken = DataAccount.objects.filter(username__in={row.username for row in said})
        self._taken = dict(taken.values_list("username", "customer_id"))
        open_ones = DataAccount.objects.exclude(state="cancelled").filter(static_ip__isnull=False)
        self._ips = set(open_ones.values_list("static_ip", flat=True))
        self._said: set[str] = set()
        self._lacking = self._unchecked()
        for one in self.rows:
            if one.row and one.stands:
                self._judge(one, one.row)

    def _read_addresses(self, codes: set[str]) -> dict[tuple[int, str], Address]:
        found = Address.objects.filter(customer__code__in=codes)
        return {
            (address.customer_id, fold(text)): address
            for address in found
            for text in (address.label, address.lines, address.one_line)
            if text
        }

    def _unchecked(self) -> set[int]:
        """The customers whose accounts nobody may let in yet (rule 29)."""
        if not rules().checks_required:
            return set()
        return set(checks.missing({one.pk for one in self._customers.values()}))

    def _judge(self, one: Judged[AccountRow], row: AccountRow) -> None:
        customer = self._customers.get(row.code)
        if row.username in self._said:
            one.refuse("username_twice")
        elif row.username in self._taken:
            theirs = customer is not None and self._taken[row.username] == customer.pk
            one.skip("already_there") if theirs else one.refuse("username_taken")
        elif customer is None:
            one.refuse("customer_unknown")
        elif why := self._why_not(row, customer):
            one.refuse(why)
        else:
            self._said.add(row.username)
            self._ips.add(row.static_ip or "")
            if row.address and (customer.pk, fold(row.address)) not in self._addresses:
                one.warnings.append("address_unknown")
            if not row.password:
                one.warnings.append("password_made")

    def _why_not(self, row: AccountRow, customer: Customer) -> str:
        package = self._packages.get(fold(row.package))
        if package is None or package.retired:
            return "package_retired" if package else "package_unknown"
        if row.highsite and fold(row.highsite) not in self._highsites:
            return "highsite_unknown"
        if row.sector and self._sector(row) is None:
            return "sector_unknown"
        if row.static_ip and row.static_ip in self._ips:
            return "ip_taken"
        if row.starts_on is None and self._day is None:
            return "no_day"
        return "not_checked" if row.state != "waiting" and customer.pk in self._lacking else ""

    def _sector(self, row: AccountRow) -> Sector | None:
        """The sector of that name; at its highsite where that is said, else the only one there is."""
        named = self._sectors.get(fold(row.sector), [])
        found = [one for one in named if not row.highsite or one.highsite.name_key == fold(row.highsite)]
        return found[0] if len(found) == 1 else None

    def write(self, some: Sequence[Judged[AccountRow]], state: str, now: datetime) -> None:
        new = [self._new(one.row) for one in some if one.row]
        made = account_making.add(new=new, actor=self._actor, now=now, activate=state != "waiting")
        for one, account in zip(some, made, strict=True):
            one.object_id = account.pk
        if state == "suspended":
            ids = [account.pk for account in made]
            accounts.suspend(accounts=ids, reason=IMPORTED, actor=self._actor, now=now)

    def _new(self, row: AccountRow) -> NewAccount:
        customer = self._customers[row.code]
        return NewAccount(
            customer=customer,
            username=row.username,
            package=self._packages[fold(row.package)],
            starts_on=self._starts(row),
            prepaid=row.prepaid,
            price=row.price,
            expires_at=_end_of(row.expires_on),
            static_ip=row.static_ip,
            address=self._addresses.get((customer.pk, fold(row.address))),
            highsite=self._highsites.get(fold(row.highsite)),
            sector=self._sector(row) if row.sector else None,
            text=row.text,
            password=row.password or None,
            bill_from=row.bill_from,
        )

    def _starts(self, row: AccountRow) -> Any:
        return row.starts_on or self._day

    def _values(self, row: AccountRow) -> Sequence[str]:
        price = "" if row.price is None else str(row.price)
        starts = str(self._starts(row) or "")
        return (row.username, row.code, row.package, price, row.state, starts, "")


def _end_of(day: date | None) -> datetime | None:
    return moment(day, LAST_MOMENT) if day else None


def plan(batch: Import, hold: bool) -> WayBack:
    """Which accounts can go: those never billed and never used, on which nothing else hangs."""
    rows = ImportRow.objects.filter(of=batch, object_id__isnull=False).order_by("line")
    lines = list(rows.values_list("object_id", "line", "code"))
    found = DataAccount.objects.filter(pk__in=[pk for pk, *_ in lines]).order_by("pk")
    there = {one.pk: one for one in (found.select_for_update(of=("self",)) if hold else found)}
    stays = _stays(there)
    fates = [
        Fate(line, code, KEPT, GONE)
        if pk not in there
        else Fate(line, code, STAYS if pk in stays else REMOVED, stays.get(pk, ""))
        for pk, line, code in lines
    ]
    return WayBack(fates, sorted(set(there) - set(stays)))


def _stays(there: dict[int, DataAccount]) -> dict[int, str]:
    """The accounts that something needs, and why."""
    ids, names = list(there), {one.username: one.pk for one in there.values()}
    needed: dict[int, str] = {}
    for relation in DataAccount._meta.related_objects:
        user: Any = relation.related_model
        if user._meta.managed and user._meta.model_name not in ("accountprice", "servicespan"):
            holders = user._default_manager.filter(**{f"{relation.field.name}__in": ids}).order_by()
            needed |= dict.fromkeys(holders.values_list(relation.field.attname, flat=True).distinct(), NEEDED)
    sessions = Session.objects.filter(username__in=names).values_list("username", flat=True).distinct()
    used = {names[name] for name in sessions if name} | set(
        usage.by_day(ids, Month(2000, 1).first, Month(2999, 1).first)
    )
    spans = dict(ServiceSpan.objects.filter(account__in=ids).values_list("pk", "account"))
    bills = {spans[span] for span in billed.upto(list(spans))}
    return needed | dict.fromkeys(used, USED) | dict.fromkeys(bills, BILLED)


def take_back(batch: Import, way: WayBack) -> None:
    """Delete them with their spans, prices and passwords."""
    ServiceSpan.objects.filter(account__in=way.plan).delete()
    DataAccount.objects.filter(pk__in=way.plan).delete()
