"""Whatever goes wrong between us and the books, in any order: once it is over both agree to the cent.

Nothing is there twice, no receipt is lost or booked twice, and what was deleted there counts here no longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.models import BankAccount, BooksAccount, BooksOwed, BooksReceipt, Document, Receipt, Reversal
from billing.services import books_receipts
from billing.services.books import connecting, owing, sending
from customers.models import Customer, CustomerBalance
from herotill.clock import stamp
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.sageone.ledger import Ledger
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.standin import CONNECTION, SageStandIn
from tests.factories.billing import make_invoice
from tests.factories.books import STARTS, connect
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]
DAY, LATER = date(2018, 8, 21), date(2018, 12, 31)
FAULTS = ("429", "500", "503", "html", "html-ok", "text", "drop", "late", "twice", "mixed", "cut")
CALLS = (
    "",
    "TaxInvoice/Save",
    "Customer/Save",
    "CustomerReturn/Save",
    "CustomerReceipt/Get",
    "TaxInvoice/Get",
)
ROUNDS = 12


@dataclass
class World:
    """Two sets of books, the people in them, and a clock that a test moves."""

    sage: SageStandIn
    people: list[Customer]
    clock: datetime = field(default_factory=stamp)
    number: int = 0

    def later(self, **length: int) -> datetime:
        self.clock += timedelta(**length)
        return self.clock

    def theirs(self, who: int) -> int | None:
        """The id of a customer there, if there is one already."""
        rows = self.sage.ledger.rows["Customer"].values()
        return next((row["ID"] for row in rows if row["TextField1"] == self.people[who].code), None)

    def receipt(self, which: int) -> int | None:
        held = sorted(self.sage.ledger.rows["CustomerReceipt"])
        return held[which % len(held)] if held else None


def bill(world: World, who: int, cents: int) -> None:
    make_invoice(world.people[who], str(Decimal(cents) / 100), DAY)


def credit(world: World, who: int, cents: int) -> None:
    invoice = Document.objects.filter(customer=world.people[who], kind="invoice").last()
    if invoice and invoice.incl * 100 >= cents and not invoice.answers.exists():
        amount = str(Decimal(cents) / 100)
        make_invoice(world.people[who], amount, DAY, kind="credit_note", against=invoice)


def rename(world: World, who: int, cents: int) -> None:
    Customer.objects.filter(pk=world.people[who].pk).update(name=f"Renamed {cents}")


def pay(world: World, who: int, cents: int) -> None:
    theirs = world.theirs(who)
    if theirs:
        world.sage.add_receipt(str(theirs), Decimal(cents) / 100, DAY)


def alter(world: World, who: int, cents: int) -> None:
    which, theirs = world.receipt(cents), world.theirs(who)
    if which and theirs:
        world.sage.change_receipt(str(which), Total=Decimal(cents) / 100, CustomerId=theirs)


def unpay(world: World, who: int, cents: int) -> None:
    which = world.receipt(cents)
    if which:
        world.sage.delete_receipt(str(which))


def shift(world: World, who: int, cents: int) -> None:
    """While something is read."""
    world.sage.between.append(lambda: (pay, unpay, alter)[cents % 3](world, who, cents))


def skew(world: World, who: int, cents: int) -> None:
    world.sage.skew = timedelta(minutes=cents % 180 - 90)


def push(world: World, who: int, cents: int) -> None:
    with _whatever_they_say():
        sending.push(clock=lambda: world.clock)
    world.later(minutes=15)


def read(world: World, who: int, cents: int, *, whole: bool = False) -> None:
    with _whatever_they_say():
        books_receipts.read(
            books=connecting.books(), company="1", cut_over=STARTS, now=world.later(minutes=1), whole=whole
        )


def read_all(world: World, who: int, cents: int) -> None:
    read(world, who, cents, whole=True)


def spoil(world: World, who: int, cents: int) -> None:
    """The next call, or the next of a kind, goes wrong."""
    world.sage.misbehave(FAULTS[cents % len(FAULTS)], on=CALLS[cents // len(FAULTS) % len(CALLS)])


@contextmanager
def _whatever_they_say() -> Iterator[None]:
    """Trouble is told and leaves nothing half done; an hour of silence passes."""
    try:
        yield
    except (DomainError, IntegrationError):
        Limits(django_settings.SAGEONE_URL, CONNECTION).forget()


DOES = (bill, credit, rename, pay, alter, unpay, shift, skew, push, read, read_all, spoil)
steps = st.lists(st.tuples(st.sampled_from(DOES), st.integers(0, 1), st.integers(1, 99_999)), max_size=24)


def _wrong(fault: str, on: str) -> tuple[object, int, int]:
    return spoil, 0, CALLS.index(on) * len(FAULTS) + FAULTS.index(fault)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(done=[(bill, 0, 45_400), _wrong("late", "TaxInvoice/Save"), (push, 0, 1)])
@example(done=[(bill, 0, 45_400), _wrong("429", "TaxInvoice/Save"), (push, 0, 1), (push, 0, 1), (read, 0, 1)])
@example(done=[(bill, 0, 45_400), _wrong("late", "Customer/Save"), (push, 0, 1), (credit, 0, 400)])
@example(
    done=[
        (bill, 0, 45_400),
        (push, 0, 1),
        (pay, 0, 45_400),
        (read, 0, 1),
        (alter, 0, 45_000),
        (skew, 0, 10),
        (pay, 0, 100),
        (unpay, 0, 2),
        _wrong("cut", "CustomerReceipt/Get"),
        (read_all, 0, 1),
        (shift, 0, 1),
        (read_all, 0, 1),
    ]
)
@given(done=steps)
def test_after_anything_both_books_agree(sage: SageStandIn, done: list[tuple]) -> None:
    with transaction.atomic():
        world = begin(sage)
        for do, who, cents in done:
            do(world, who, cents)
        settle(world)
        agree(world)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def begin(sage: SageStandIn) -> World:
    """Alice and Bob, a connection in use, and an account there that is ours; nothing was said yet."""
    Limits(sage.url, CONNECTION).forget()
    sage.behave()
    sage.ledger = Ledger(sage.now)
    connect()
    account = BankAccount.objects.create(name="Books' own", source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.create(company="1", their_id="1", name="Sage Pay", account=account)
    people = [make_customer("Alice Liddel", code="ALI001"), make_customer("Bob Builder", code="BOB001")]
    return World(sage, people, stamp() + timedelta(minutes=1))


def settle(world: World) -> None:
    """Nothing goes wrong any longer: what is owed goes there, and all their receipts come here."""
    Limits(world.sage.url, CONNECTION).forget()
    world.sage.behave()
    refused = BooksOwed.objects.filter(state=BooksOwed.State.REFUSED)
    clerk = make_person("Mary Manager")
    for _ in range(ROUNDS):
        world.later(hours=2)
        if refused.exists():
            owing.retry(owed=refused, actor=clerk, now=world.clock)
        sending.push(clock=lambda: world.clock)
        if not BooksOwed.objects.exists():
            break
    for _ in range(2):  # the first may only go on with one that broke off
        books_receipts.read(
            books=connecting.books(), company="1", cut_over=STARTS, now=world.later(hours=1), whole=True
        )


def agree(world: World) -> None:
    assert list(BooksOwed.objects.values_list("state", "trouble")) == []
    numbers = [
        row["Reference"]
        for service in ("TaxInvoice", "CustomerReturn")
        for row in world.sage.ledger.rows[service].values()
    ]
    assert sorted(numbers) == sorted(Document.objects.values_list("name", flat=True))
    there = {row["TextField1"]: row for row in world.sage.ledger.rows["Customer"].values()}
    assert len(there) == len(world.sage.ledger.rows["Customer"])
    for one in Customer.objects.filter(documents__isnull=False).distinct():
        assert there[one.code]["Name"] == one.name
    assert standing() == {
        (row["ID"], row["CustomerId"], Decimal(row["Total"]))
        for row in world.sage.ledger.rows["CustomerReceipt"].values()
    }
    assert not BooksReceipt.objects.filter(state="waits").exists()
    owed = {one.customer_id: one.total for one in connecting.books().ageing(LATER)}
    balances = {one.customer_id: one.amount for one in CustomerBalance.objects.exclude(amount=0)}
    ours = {str(there[one.code]["ID"]): balances.get(one.pk) for one in world.people if one.pk in balances}
    assert owed == ours


def standing() -> set[tuple[int, int, Decimal]]:
    """The receipts that stand here, as they are called there."""
    reversed_ones = Reversal.objects.values("receipt")
    stands = Receipt.objects.exclude(pk__in=reversed_ones)
    found = [
        (int(one.in_books.their_id), int(one.customer.in_books.their_id), one.amount)
        for one in stands.select_related("in_books", "customer__in_books")
    ]
    assert len(found) == len(set(found))
    return set(found)
