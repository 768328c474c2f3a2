"""Whatever people pay, approve, pause, reset, promise and suspend by hand, day after day: the rules hold.

Beside the system stands a model of its own: it knows what was due and paid, not how the system decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from billing.models import CaseStep, Promise, SuspensionCase, SuspensionTerms, TakenDown
from billing.services import suspensions
from dataaccounts.models import DataAccount
from dataaccounts.services import accounts
from herotill import business_days
from herotill.errors import DomainError
from herotill.messages.models import Message
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.data import make_account
from tests.factories.suspensions import DUE, at, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.money]
MINIMUM = Decimal("50.00")
WARNINGS = ("warned", "warned_twice", "suspended")
whose = st.integers(0, 1)
cents = st.integers(1, 60_000).map(lambda number: Decimal(number) / 100)


class Collections(RuleBasedStateMachine):
    """Alice and Bob with two accounts each, a clerk, and days that go by."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    @initialize()
    def people(self):
        switch_on(minimum=MINIMUM)
        self.greta = make_person("Greta")
        self.who = [make_customer("Alice Liddel"), make_customer("Bob Hatter")]
        self.accounts = [
            [make_account(one, f"p{number}-{each}@isp.example") for each in (0, 1)]
            for number, one in enumerate(self.who)
        ]
        self.today = DUE
        self.hour = 10
        self.open: list[list[Any]] = [[], []]
        self.credit = [Decimal(0), Decimal(0)]
        self.by_hand = set()
        self.pauses = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def now(self):
        """Each deed a moment after the one before."""
        self.hour += 1
        return at(self.today) + timedelta(seconds=self.hour)

    def owed(self, number):
        """What the model says is overdue: what is open of invoices past their day, less money not used yet."""
        late = sum((one["open"] for one in self.open[number] if one["due"] < self.today), Decimal(0))
        return max(late - self.credit[number], Decimal(0))

    def settled(self, number):
        """Money pays the invoices by their dates."""
        for one in sorted(self.open[number], key=lambda one: (one["dated"], one["place"])):
            paid = min(one["open"], self.credit[number])
            one["open"] -= paid
            self.credit[number] -= paid

    def cases(self, number):
        found = SuspensionCase.objects.filter(customer=self.who[number]).exclude(state="ended")
        return list(found.values_list("pk", flat=True))

    @rule(number=whose, amount=cents, later=st.integers(-3, 20))
    def invoice(self, number, amount, later):
        due = self.today + timedelta(days=later)
        dated = min(due, self.today)
        make_invoice(self.who[number], str(amount), dated, due=due)
        place = len(self.open[number])
        self.open[number].append({"dated": dated, "due": due, "open": amount, "place": place})
        self.settled(number)

    @rule(number=whose, amount=cents)
    def pay_some(self, number, amount):
        self.pay(number, amount)

    def pay(self, number, amount):
        make_receipt(self.who[number], str(amount), self.today)
        self.credit[number] += amount
        self.settled(number)

    @rule(number=whose)
    def pay_all(self, number):
        if amount := sum((one["open"] for one in self.open[number]), Decimal(0)):
            self.pay(number, amount)

    @rule(days=st.integers(1, 9))
    def days_go_by(self, days):
        self.today += timedelta(days=days)

    @rule(number=whose)
    def approve(self, number):
        suspensions.approve(cases=self.cases(number), actor=self.greta, now=self.now)

    @rule(number=whose, days=st.integers(1, 10))
    def pause(self, number, days):
        cases = self.cases(number)
        suspensions.pause(cases=cases, days=days, actor=self.greta, now=self.now)
        for step in CaseStep.objects.filter(case__in=cases, kind="paused").order_by("-pk")[:1]:
            self.pauses.setdefault(step.pk, self.today + timedelta(days=days))

    @rule(number=whose)
    def reset(self, number):
        suspensions.reset(cases=self.cases(number), reason="Agreed", actor=self.greta, now=self.now)

    @rule(number=whose)
    def at_once(self, number):
        owed, disabled = self.owed(number), self.is_disabled(number)
        try:
            suspensions.suspend_at_once(
                customer=self.who[number], reason="Owes", actor=self.greta, now=self.now
            )
        except DomainError:
            return
        assert owed >= MINIMUM
        assert not disabled
        assert business_days.is_business_day(self.today)

    @rule(number=whose, days=st.integers(0, 10))
    def promise(self, number, days):
        Promise.objects.filter(customer=self.who[number], state="open").update(
            state="broken", decided_on=self.today
        )
        Promise.objects.create(
            customer=self.who[number],
            amount=Decimal(10),
            by_day=self.today + timedelta(days=days),
            made_on=self.today,
        )

    @rule(number=whose, disabled=st.booleans())
    def never(self, number, disabled):
        SuspensionTerms.objects.update_or_create(
            customer=self.who[number], defaults={"disabled": disabled, "disabled_why": "Clinic"}
        )

    def is_disabled(self, number):
        return SuspensionTerms.objects.filter(customer=self.who[number], disabled=True).exists()

    @rule(number=whose, each=st.integers(0, 1))
    def suspend_an_account_by_hand(self, number, each):
        one = self.accounts[number][each].pk
        if accounts.suspend(accounts=[one], reason="Abuse", actor=self.greta, now=self.now):
            self.by_hand.add(one)

    @rule(number=whose, each=st.integers(0, 1))
    def restore_an_account_by_hand(self, number, each):
        one = self.accounts[number][each].pk
        accounts.restore(accounts=[one], reason="Fine again", actor=self.greta, now=self.now)
        self.by_hand.discard(one)

    @rule()
    def settle(self):
        suspensions.settle(self.now)
        for number in (0, 1):
            assert not self.cases(number) or self.owed(number) >= MINIMUM

    @rule(days=st.integers(0, 3))
    def run(self, days):
        """A run, and what it did is right by the model."""
        self.today += timedelta(days=days)
        last = CaseStep.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        now = self.now
        suspensions.run(self.today, now)
        for step in CaseStep.objects.filter(pk__gt=last).select_related("case"):
            self.judge(step)
        assert suspensions.run(self.today, now) == {}

    def judge(self, step):
        number = [one.pk for one in self.who].index(step.case.customer_id)
        owed = self.owed(number)
        if step.kind == "ended":
            assert owed < MINIMUM or self.is_disabled(number)
            return
        assert owed >= MINIMUM
        assert step.overdue == owed
        assert not self.is_disabled(number)
        promised = Promise.objects.filter(customer=self.who[number], state="open", by_day__gte=self.today)
        assert not promised.exists()
        if step.kind in WARNINGS or step.kind == "resumed":
            assert step.case.approved_by == self.greta
        if step.kind in ("suspended", "resumed"):
            assert business_days.is_business_day(self.today)
        paused = step.case.steps.filter(kind="paused", pk__lt=step.pk).order_by("-pk").first()
        assert paused is None or self.today >= self.pauses[paused.pk]

    @invariant()
    def steps_are_taken_once_in_order_with_their_message(self):
        for case in SuspensionCase.objects.prefetch_related("steps"):
            kinds = [one.kind for one in sorted(case.steps.all(), key=lambda one: one.pk)]
            told = [one for one in kinds if one in WARNINGS]
            assert len(set(told)) == len(told)
            assert kinds[0] == "opened"
            if not case.by_hand:
                assert told == list(WARNINGS[: len(told)])
                assert not told or "approved" in kinds
            days = [
                one.day for one in sorted(case.steps.all(), key=lambda one: one.pk) if one.kind in WARNINGS
            ]
            assert days == sorted(days)
            assert case.by_hand or len(set(days)) == len(days)

    @invariant()
    def each_message_is_queued_once(self):
        keys = list(Message.objects.exclude(template="invoice").exclude(key="").values_list("key", flat=True))
        assert len(set(keys)) == len(keys)

    @invariant()
    def what_is_down_is_down_for_a_reason(self):
        """An account is suspended because a person did it, or because its customer's case did and is not lifted."""
        if not hasattr(self, "accounts"):
            return
        held = dict(TakenDown.objects.filter(back_at=None).values_list("account", "case__state"))
        states = dict(DataAccount.objects.values_list("pk", "state"))
        for each in (one for both in self.accounts for one in both):
            if each.pk in self.by_hand:
                assert states[each.pk] == "suspended"
            elif states[each.pk] == "suspended":
                assert held[each.pk] == "suspended"
        assert set(held.values()) <= {"suspended"}


@contextmanager
def _short(steps: int, examples: int) -> Iterator[settings]:
    yield settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_the_rules_hold_whatever_people_do():
    with _short(steps=25, examples=12) as how:
        run_state_machine_as_test(Collections, settings=how)
