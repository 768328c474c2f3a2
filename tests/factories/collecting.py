"""People who pay by debit order, and a way to collect of them that asks nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.collecting import Bill, Carrier, OutLine, Problem, ResultRow, Sent, channels
from billing.models import BankAccount, CollectionBatch, DebitDetail, Mandate, PayerBank
from customers.models import BillingGroup, Customer
from herotill import business_days
from herotill.clock import local_day
from herotill.users.models import User
from tests.factories.billing import make_invoice
from tests.factories.customers import CustomerFactory

NOW = datetime(2018, 8, 22, 8, tzinfo=UTC)
RUN = date(2018, 8, 27)  # a Monday
UPTO = date(2018, 8, 31)


@dataclass
class TestBank:
    """A bank that takes lines as CSV, three business days ahead; what is sent to it stays in `sent`."""

    __test__ = False

    name: str = "test"
    title: str = "Test bank"
    method: str = "debit_order"
    extension: str = "csv"
    order: int = 900
    carrier: Carrier | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)

    def closed(self) -> str:
        return ""

    def account_id(self) -> int | None:
        found = BankAccount.objects.get_or_create(name="Debit orders", defaults={"source": "batch"})[0]
        return found.pk

    def earliest(self, now: datetime) -> date:
        return business_days.after(local_day(now), 3)

    def takes(self, day: date) -> bool:
        return business_days.is_business_day(day)

    def problems(self, bill: Bill, lines: Sequence[OutLine], now: datetime) -> list[Problem]:
        return [
            Problem(one.pk, self.refuses[one.reference]) for one in lines if one.reference in self.refuses
        ]

    def write(self, bill: Bill, lines: Iterable[OutLine]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["KEY", bill.name, bill.action_date])
        for one in lines:
            number = one.account.number if one.account else one.card and one.card.last_four
            writer.writerow([one.reference, one.line_reference, number, one.amount])
        return out.getvalue().encode()

    def keyed(self, content: bytes) -> bytes:
        return content.replace(b"KEY", b"the-service-key", 1)

    def parse_results(self, content: bytes) -> list[ResultRow]:
        return [result(**row) for row in csv.DictReader(io.StringIO(content.decode()))]


class TestCarrier:
    """Takes everything, loads it at the first question, and lets it go."""

    __test__ = False

    def __init__(self, bank: TestBank) -> None:
        self.bank = bank

    def send(self, bill: Bill, lines: Sequence[OutLine], content: bytes, now: datetime) -> Sent:
        self.bank.sent.append(content)
        return Sent("sent", file_token="T1")

    def report(self, bill: Bill, now: datetime) -> Sent | None:
        return Sent("loaded", raw=b"all is well")

    def authorise(self, bill: Bill, now: datetime) -> Sent:
        return Sent("authorised", bank_reference="B1")

    def status(self, bill: Bill, now: datetime) -> Sent | None:
        return None


def result(**given: Any) -> ResultRow:
    """A row of results; days and amounts may be written as text."""
    given["day"] = date.fromisoformat(str(given.get("day", RUN)))
    given["amount"] = Decimal(str(given["amount"]))
    return ResultRow(**{"told_type": "TDD", "kind": "collected", **given})


@contextmanager
def bank(name: str = "test", **given: Any) -> Iterator[TestBank]:
    """A test bank that is registered meanwhile."""
    made = TestBank(name=name, **given)
    channels.register(made)
    try:
        yield made
    finally:
        channels.unregister(name)


def make_group(name: str = "Netcash Run 1", day: int = 27) -> BillingGroup:
    """A billing group that is debited on this day."""
    return BillingGroup.objects.get_or_create(name=name, defaults={"run_day": day})[0]


def make_payer(code: str, group: BillingGroup, owes: str = "", **given: Any) -> Customer:
    """Somebody with an active mandate, who owes an invoice of so much."""
    day, maximum = given.pop("day", group.run_day), given.pop("maximum", None)
    customer: Any = CustomerFactory(code=code, billing_group=group, payment_method="debit_order", **given)
    make_mandate(customer, day=day, maximum=maximum)
    if owes:
        make_invoice(customer, owes)
    made: Customer = customer
    return made


def make_mandate(
    customer: Customer,
    *,
    day: int = 27,
    maximum: str | None = None,
    by: User | None = None,
    signed: datetime = datetime(2018, 1, 1, tzinfo=UTC),
) -> Mandate:
    """An active mandate over an account at Absa."""
    detail = DebitDetail(
        customer=customer,
        bank=PayerBank.objects.get(name="Absa"),
        branch_name="Absa",
        branch_code="632005",
        holder="A Liddel",
        debit_day=day,
        made_by=by,
        made_at=signed,
    )
    detail.number = "4052601815"
    detail.save()
    return Mandate.objects.create(
        customer=customer,
        detail=detail,
        reference=f"M{customer.code}-{detail.pk}",
        kind="paper",
        status="active",
        debit_day=day,
        maximum=Decimal(maximum) if maximum else None,
        signed_at=signed,
        made_by=by,
    )


def make_batch(group: BillingGroup, *, actor: User | None = None, **given: Any) -> CollectionBatch:
    """A draft batch of the group for the 27th."""
    from billing.services import batches

    values: dict[str, Any] = {
        "action_date": RUN,
        "due_upto": UPTO,
        "method": "debit_order",
        "channel": "test",
        "now": NOW,
    }
    return batches.build(group=group, actor=actor, **{**values, **given})
