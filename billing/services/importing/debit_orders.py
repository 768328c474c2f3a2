"""Importing how customers pay, with accounts of debit orders and mandates signed elsewhere. What is there stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from billing.models import CollectionLine, DebitDetail, Mandate, PayerBank
from billing.policies import account_checks
from billing.policies.importing.debit_orders import DebitOrderRow, KnownBank, bank_of, read_debit_order
from billing.services import locks
from billing.services.importing import frame
from billing.services.importing.frame import Judged
from customers.models import Customer
from customers.services import facts
from herotill.clock import local_day, moment, stamp
from herotill.imports.kinds import KEPT, REMOVED, RESTORED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow
from herotill.secrets import Secret

REPORT = ("code", "method", "bank", "holder", "day", "reference", "signed", "warnings")
METHOD = Customer.PaymentMethod.DEBIT_ORDER
GONE = "It has been deleted since."
REPLACED = "Other details have taken its place."
USED = "Money was collected by it, or it has another mandate."


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return _Judgement(source).lines()


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement, now = _Judgement(source), stamp()
    for some in frame.chunks([one for one in judgement.rows if one.stands]):
        judgement.write(some, now)
    return judgement.lines()


class _Judgement:
    """The rows of a file against the customers, banks, accounts and mandates that are there."""

    def __init__(self, source: Source) -> None:
        self._actor, self._today = source.actor, local_day(stamp())
        self.rows: list[Judged[DebitOrderRow]] = frame.read(source, read_debit_order, _values)
        said = [one.row for one in self.rows if one.row]
        found = Customer.objects.filter(code__in={row.code for row in said})
        self._customers: dict[str, Customer] = {one.code: one for one in found}
        ids = [one.pk for one in self._customers.values()]
        held = DebitDetail.objects.filter(customer__in=ids).values_list("customer", flat=True)
        self._there = set(held)
        banks = PayerBank.objects.filter(retired=False)
        self._banks = [
            KnownBank(*row) for row in banks.values_list("pk", "name", "branch_code", "check_rule")
        ]
        wanted = {self._reference(row) for row in said}
        taken = Mandate.objects.filter(reference__in=wanted).values_list("reference", flat=True)
        self._references = set(taken)
        self._bank: dict[int, KnownBank] = {}
        self._said: set[int] = set()
        for one in self.rows:
            if one.row and one.stands:
                self._judge(one, one.row)

    def _reference(self, row: DebitOrderRow) -> str:
        return row.reference or f"{row.code}-1"

    def _judge(self, one: Judged[DebitOrderRow], row: DebitOrderRow) -> None:
        customer, bank = self._customers.get(row.code), bank_of(row, self._banks)
        if customer is None:
            one.refuse("customer_unknown")
        elif row.method != METHOD:
            self._judge_method(one, customer)
        elif customer.pk in self._there:
            one.skip("already_there")
        elif bank is None:
            one.refuse("bank_unknown")
        elif why := self._why_not(row, bank):
            one.refuse(why)
        else:
            self._take(one, row, customer, bank)

    def _judge_method(self, one: Judged[DebitOrderRow], customer: Customer) -> None:
        if customer.payment_method or customer.pk in self._said:
            one.skip("has_a_method")
        self._said.add(customer.pk)

    def _why_not(self, row: DebitOrderRow, bank: KnownBank) -> str:
        branch = row.branch_code or bank.branch_code
        if not account_checks.check(bank.check_rule, row.account_type, row.number, branch):
            return "number_fails"
        if row.signed_on and row.signed_on > self._today:
            return "day_to_come"
        return "reference_taken" if row.signed_on and self._reference(row) in self._references else ""

    def _take(
        self, one: Judged[DebitOrderRow], row: DebitOrderRow, customer: Customer, bank: KnownBank
    ) -> None:
        self._there.add(customer.pk)
        self._references.add(self._reference(row))
        self._bank[one.number] = bank
        branch = row.branch_code or bank.branch_code
        if account_checks.branch_doubt(bank.check_rule, bank.branch_code, branch):
            one.warnings.append("branch_doubtful")
        if customer.payment_method not in ("", METHOD):
            one.warnings.append("pays_otherwise")
        if row.signed_on is None:
            one.warnings.append("no_mandate")

    def lines(self) -> Iterator[Line]:
        for one in self.rows:
            if one.row and self._sets_method(one):
                unset = {"customer": self._customers[one.row.code].pk, "payment_method": ""}
                yield replace(one.line(), before=unset)
            else:
                yield one.line()

    def _sets_method(self, one: Judged[DebitOrderRow], method: str = "") -> bool:
        """Whether a row gives a customer without a payment method one: this one, where it is named."""
        if not (one.stands and one.row) or self._customers[one.row.code].payment_method:
            return False
        return method in ("", one.row.method)

    def write(self, some: Sequence[Judged[DebitOrderRow]], now: datetime) -> None:
        rows = [(one, one.row) for one in some if one.row]
        locks.hold([self._customers[row.code].pk for _, row in rows])
        for method in {row.method for _, row in rows}:
            unset = [self._customers[row.code].pk for one, row in rows if self._sets_method(one, method)]
            Customer.objects.filter(pk__in=unset).update(payment_method=method)
            facts.changed({pk: ["payment_method"] for pk in unset})
        self._write_accounts([(one, row) for one, row in rows if row.method == METHOD], now)

    def _write_accounts(
        self, rows: Sequence[tuple[Judged[DebitOrderRow], DebitOrderRow]], now: datetime
    ) -> None:
        details = DebitDetail.objects.bulk_create([self._detail(one, row, now) for one, row in rows])
        signed = [
            self._mandate(row, detail, row.signed_on, now)
            for (_, row), detail in zip(rows, details, strict=True)
            if row.signed_on
        ]
        Mandate.objects.bulk_create(signed)
        for (one, _), detail in zip(rows, details, strict=True):
            one.object_id = detail.pk

    def _detail(self, one: Judged[DebitOrderRow], row: DebitOrderRow, now: datetime) -> DebitDetail:
        customer, bank = self._customers[row.code], self._bank[one.number]
        number: Any = Secret.of(row.number)
        return DebitDetail(
            customer=customer,
            bank_id=bank.pk,
            branch_name=row.branch_name or bank.name,
            branch_code=row.branch_code or bank.branch_code,
            holder=row.holder or customer.name[:50],
            account_type=row.account_type,
            number=number,
            number_last_four=number.last_four,
            debit_day=row.debit_day,
            made_by=self._actor,
            made_at=now,
        )

    def _mandate(self, row: DebitOrderRow, detail: DebitDetail, signed_on: date, now: datetime) -> Mandate:
        return Mandate(
            customer_id=detail.customer_id,
            detail=detail,
            reference=self._reference(row),
            kind=Mandate.Kind.PAPER,
            status=Mandate.Status.ACTIVE,
            debit_day=detail.debit_day,
            signed_at=moment(signed_on),
            signed_by_name=detail.holder,
            made_by=self._actor,
            made_at=now,
        )


def _values(row: DebitOrderRow) -> Sequence[str]:
    day, signed = str(row.debit_day or ""), str(row.signed_on or "")
    return (row.code, row.method, row.bank, row.holder, day, row.reference, signed, "")


def plan(batch: Import, hold: bool) -> WayBack:
    """What can go: accounts that still count as they came and collected nothing, and methods that were set."""
    lines = list(
        ImportRow.objects.filter(of=batch, outcome="create")
        .order_by("line")
        .values_list("object_id", "line", "code", "before")
    )
    found = DebitDetail.objects.filter(pk__in=[pk for pk, *_ in lines if pk]).order_by("pk")
    there = {one.pk: one for one in (found.select_for_update(of=("self",)) if hold else found)}
    stays = _stays(there)
    fates = [Fate(line, code, *_fate(pk, there, stays)) for pk, line, code, _ in lines]
    unset = [before["customer"] for pk, _, _, before in lines if before and pk not in stays]
    return WayBack(fates, Plan([pk for pk in there if pk not in stays], unset))


@dataclass(frozen=True, slots=True)
class Plan:
    """The accounts to delete, and the customers who had no payment method."""

    details: Sequence[int]
    unset: Sequence[int]


def _fate(pk: int | None, there: Mapping[int, DebitDetail], stays: Mapping[int, str]) -> tuple[str, str]:
    if pk is None:
        return RESTORED, ""
    if pk not in there:
        return KEPT, GONE
    return (STAYS, stays[pk]) if pk in stays else (REMOVED, "")


def _stays(there: dict[int, DebitDetail]) -> dict[int, str]:
    """The accounts that something needs, and why."""
    replaced = {pk: REPLACED for pk, one in there.items() if one.replaced_at}
    theirs = Mandate.objects.filter(customer__in={one.customer_id for one in there.values()})
    made = {one.customer_id: one for one in there.values()}
    others = {
        made[one.customer_id].pk: USED
        for one in theirs
        if one.detail_id != made[one.customer_id].pk or one.made_at != made[one.customer_id].made_at
    }
    lines = CollectionLine.objects.filter(mandate__detail__in=list(there)).values_list(
        "mandate__detail", flat=True
    )
    return others | dict.fromkeys(lines, USED) | replaced


def take_back(batch: Import, way: WayBack) -> None:
    """Delete them with their mandates; who had no payment method has none again."""
    Mandate.objects.filter(detail__in=way.plan.details).delete()
    DebitDetail.objects.filter(pk__in=way.plan.details).delete()
    set_by_it = dict(ImportRow.objects.filter(of=batch, outcome="create").values_list("code", "values"))
    there = Customer.objects.filter(pk__in=way.plan.unset).values_list("pk", "code", "payment_method")
    unset = [pk for pk, code, method in there if method == set_by_it[code][1]]
    Customer.objects.filter(pk__in=unset).update(payment_method="")
    facts.changed({pk: ["payment_method"] for pk in unset})
