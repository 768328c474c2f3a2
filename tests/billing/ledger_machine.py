"""Somebody at a desk who bills, receives, allocates and takes back in any order, and what must hold after each deed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Max, Sum
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from billing.models import Allocation, Document, DocumentKind, Entry, OpenItem, Receipt
from billing.selectors import ageing, verifying
from billing.selectors.ageing import Way
from billing.services import ledger, receipts
from customers.models import CustomerBalance
from herotill.errors import DomainError
from tests.factories import make_customer
from tests.factories.billing import make_draft, make_invoice, make_receipt

FIRST, DAYS = date(2018, 1, 1), 240
days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
amounts = st.integers(1, 60_000).map(lambda cents: str(Decimal(cents) / 100))
ways = st.builds(Way, st.booleans(), st.booleans())
_moments = count()


def moment() -> datetime:
    return datetime.now(ZoneInfo("Africa/Johannesburg"))


class Ledger(RuleBasedStateMachine):
    """Two customers and somebody at a desk who does whatever comes to mind."""

    invoices = Bundle("invoices")
    money = Bundle("money")

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.shown: list[tuple[datetime, date, dict[int, ageing.Aged]]] = []
        self.looked_at: list[object] = []

    @initialize()
    def people(self):
        self.alice, self.bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")

    def who(self, first: bool):
        return self.alice if first else self.bob

    @rule(target=invoices, first=st.booleans(), amount=amounts, day=days, later=st.integers(0, 40))
    def issue(self, first, amount, day, later):
        return make_invoice(self.who(first), amount, day, due=day + timedelta(days=later))

    @rule(first=st.booleans(), amount=amounts, day=days)
    def draft(self, first, amount, day):
        make_draft(self.who(first), amount, day)

    @rule(first=st.booleans(), amount=amounts, day=days, down=st.booleans())
    def adjust(self, first, amount, day, down):
        make_invoice(self.who(first), f"-{amount}" if down else amount, day, kind=DocumentKind.ADJUSTMENT)

    @rule(invoice=invoices, amount=amounts, day=days, kind=st.sampled_from(["credit_note", "write_off"]))
    def take_away(self, invoice, amount, day, kind):
        """A credit note or write-off, which the database refuses beyond the line."""
        try:
            with transaction.atomic():
                make_invoice(
                    invoice.customer, amount, max(day, invoice.document_date), kind=kind, against=invoice
                )
        except (IntegrityError, DomainError):
            assert kind == "write_off" or Decimal(amount) > 0

    @rule(target=money, first=st.booleans(), amount=amounts, day=days)
    def receive(self, first, amount, day):
        return make_receipt(self.who(first), amount, day)

    @rule(target=money, invoice=invoices, amount=amounts, day=days)
    def receive_for(self, invoice, amount, day):
        return make_receipt(invoice.customer, amount, day, names=invoice)

    @rule(receipt=money, day=days)
    def bounce(self, receipt, day):
        again = hasattr(Receipt.objects.get(pk=receipt.pk), "reversal")
        try:
            receipts.reverse(receipt=receipt, day=day, reason="Unpaid", actor=None)
            assert not again
        except DomainError:
            assert again

    @rule(pick=st.integers(0, 50), day=days)
    def unallocate(self, pick, day):
        live = list(Allocation.objects.filter(known_until=None).exclude(how="reversal").order_by("pk"))
        if live:
            one = live[pick % len(live)]
            assert ledger.unallocate(allocations=[one.pk], day=day, now=moment(), actor=None) == 1

    @rule(pick=st.integers(0, 50), amount=amounts, day=days)
    def allocate(self, pick, amount, day):
        debits = list(OpenItem.objects.filter(open__gt=0).order_by("pk"))
        if not debits:
            return
        debit = debits[pick % len(debits)]
        credit = OpenItem.objects.filter(open__lt=0, customer=debit.customer_id).order_by("pk").last()
        if credit:
            most = min(debit.open, -credit.open)
            ledger.allocate(
                debit=debit.entry, credit=credit.entry, amount=min(most, Decimal(amount)), day=day, actor=None
            )

    @rule()
    def oldest_first(self):
        ledger.allocate_oldest(customers=[self.alice.pk, self.bob.pk], actor=None)

    @rule(day=days)
    def somebody_looks(self, day):
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now = cursor.fetchone()[0]
        self.shown.append((now, day, _owing(ageing.everybody(as_at=day, known_at=now))))
        assert self.shown[-1][2] == _owing(ageing.everybody(as_at=day))

    @invariant()
    def sound(self):
        """All of what follows from the ledger, asked again when something was posted or allocated."""
        posted = [*Entry.objects.aggregate(Max("id"), Count("id")).values()]
        posted += Allocation.objects.aggregate(Max("id"), Count("known_until")).values()
        if posted != self.looked_at:
            self.looked_at = posted
            self._sound()
            self._every_day_adds_up()
            self._balances_are_what_is_open()

    def _sound(self):
        assert [str(found) for found in verifying.verify()] == []

    def _every_day_adds_up(self):
        for day in _days():
            balance: defaultdict[int, Decimal] = defaultdict(Decimal)
            rows = (
                Entry.objects.filter(accounting_date__lte=day)
                .values_list("customer_id")
                .annotate(Sum("amount"))
            )
            balance.update(rows)
            back = _owing(ageing.everybody(as_at=day))
            there = _owing(ageing.of(customers=[self.alice.pk, self.bob.pk], as_at=day))
            assert there == back, "Unwound from today it is what the whole history gives."
            for customer in (self.alice.pk, self.bob.pk):
                assert there.get(customer, ageing.Aged()).total == balance[customer]
                for part in ageing.open_parts(customer=customer, as_at=day, counted=Way()):
                    assert 0 < part.open / part.amount <= 1, "Nothing is ever paid twice."

    def _balances_are_what_is_open(self):
        balances = dict(CustomerBalance.objects.values_list("customer_id", "amount"))
        opened = dict(OpenItem.objects.values_list("customer_id").annotate(Sum("open")))
        assert {pk: amount for pk, amount in balances.items() if amount} == {
            pk: amount for pk, amount in opened.items() if amount
        }

    def at_the_end(self):
        for now, day, aged in self.shown:
            assert _owing(ageing.everybody(as_at=day, known_at=now)) == aged, "What was shown then."
        numbers = Document.objects.filter(kind="invoice", status="issued").order_by("number")
        assert [one.number for one in numbers] == list(range(1, len(numbers) + 1))

    def teardown(self):
        try:
            if hasattr(self, "alice") and not connection.needs_rollback:
                self.at_the_end()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


def _owing(aged: dict[int, ageing.Aged]) -> dict[int, ageing.Aged]:
    return {pk: one for pk, one in aged.items() if any(one)}


def _days() -> list[date]:
    """All days on which something changed, and the days before them."""
    found = set(Entry.objects.values_list("accounting_date", flat=True))
    found |= set(Allocation.objects.values_list("starts_on", flat=True))
    found |= set(Allocation.objects.exclude(ends_on=None).values_list("ends_on", flat=True))
    return sorted(found | {day - timedelta(days=1) for day in found})
