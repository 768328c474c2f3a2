"""The collections day beside payments, beside itself, and killed anywhere."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from billing.models import CaseStep, SuspensionCase, TakenDown
from billing.services import suspensions
from billing.services.suspensions import running
from dataaccounts.models import DataAccount
from herotill.messages.models import Message
from tests.billing.chaos import Chaos
from tests.factories import make_customer, make_person
from tests.factories.billing import make_receipt
from tests.factories.data import make_account
from tests.factories.suspensions import approve, at, case_of, day, make_debtor, run_on, switch_on
from tests.house.workers import Workers

pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMERS = 12


@pytest.fixture
def chaos(tmp_path) -> Iterator[Chaos]:
    started = Chaos(Workers(tmp_path).environment)
    yield started
    started.end()


def aside(what: Callable[[], Any]) -> threading.Thread:
    """Do something on a connection of its own."""

    def go() -> None:
        try:
            what()
        finally:
            connections.close_all()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def warned_twice(count: int = CUSTOMERS) -> list[Any]:
    """Customers with an account each who are suspended next, on day 15."""
    switch_on()
    greta = make_person("Greta")
    people = [make_debtor(make_customer(f"Client {chr(65 + number)}")) for number in range(count)]
    for number, one in enumerate(people):
        make_account(one, f"client{number}@isp.example")
    run_on(7)
    for one in people:
        approve(one, greta, 7)
    run_on(7)
    run_on(12)
    return people


def test_a_payment_that_lands_between_deciding_and_acting_counts(monkeypatch):
    """Alice pays after the run has asked who is due, and before it holds her account."""
    alice, bob = warned_twice(2)
    asked, paid = threading.Event(), threading.Event()
    hold = running.family.hold

    def late_hold(*given: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            asked.set()
            assert paid.wait(20)
        hold(*given)

    monkeypatch.setattr(running.family, "hold", late_hold)
    run = aside(lambda: run_on(15))
    assert asked.wait(20)
    make_receipt(alice, "454.00", day(15))
    paid.set()
    run.join(30)
    assert (case_of(alice).state, case_of(bob).state) == ("ended", "suspended")
    assert DataAccount.objects.get(customer=alice).state == "active"
    told = Message.objects.filter(template="suspension_suspended")
    assert list(told.values_list("customer_id", flat=True)) == [bob.pk]


def test_a_payment_that_waits_for_the_run_restores_afterwards(monkeypatch):
    """Alice's payment comes while the run holds her account: it is booked after it and restores her by itself."""
    (alice,) = warned_twice(1)
    held, going_on = threading.Event(), threading.Event()
    plan = running.plan

    def slow(**asked: Any) -> Any:
        if asked.get("customers"):
            held.set()
            assert going_on.wait(20)
        return plan(**asked)

    monkeypatch.setattr(running, "plan", slow)
    run = aside(lambda: run_on(15))
    assert held.wait(20)
    payment = aside(lambda: make_receipt(alice, "454.00", day(15)))
    payment.join(0.5)
    assert payment.is_alive()
    going_on.set()
    run.join(30)
    payment.join(30)
    assert CaseStep.objects.filter(case=case_of(alice), kind="suspended").exists()
    assert case_of(alice).state == "ended"
    assert suspensions.settle(at(day(15), 11)) == 0
    assert DataAccount.objects.get(customer=alice).state == "active"
    told = Message.objects.filter(customer_id=alice.pk, template__startswith="suspension_")
    assert told.filter(template="suspension_lifted").count() == 1
    assert not told.exclude(template="suspension_lifted").filter(state="waiting").exists()


def test_two_runs_at_the_same_moment_are_one(chaos: Chaos):
    people = warned_twice()
    order = {"do": "suspend", "day": str(day(15)), "at_once": 3}
    assert chaos.all_of(order, order, order) == [0, 0, 0]
    once(people)


def test_killed_anywhere_and_run_again_nobody_is_told_or_suspended_twice(chaos: Chaos):
    people = warned_twice()
    order = {"do": "suspend", "day": str(day(15)), "at_once": 2}
    chance, kills = random.Random(815), 0
    for _ in range(10):
        (code,) = chaos.all_of({**order, "kill_at": chance.randint(5, 70)})
        kills += code == -9
        whole()
    assert kills >= 3
    assert chaos.all_of(order) == [0]
    once(people)


def whole() -> None:
    """What was committed so far is whole: who is suspended has a step, a message and an account that is down."""
    down = set(SuspensionCase.objects.filter(state="suspended").values_list("pk", flat=True))
    assert set(CaseStep.objects.filter(kind="suspended").values_list("case", flat=True)) == down
    assert set(TakenDown.objects.values_list("case", flat=True)) == down
    told = Message.objects.filter(template="suspension_suspended").values_list("subject_id", flat=True)
    assert set(told) == down


def once(people: list[Any]) -> None:
    """Everybody is suspended, once, told of each step once, in order."""
    whole()
    assert SuspensionCase.objects.filter(state="suspended").count() == len(people)
    steps = Counter(CaseStep.objects.values_list("case", "kind"))
    assert set(steps.values()) == {1}
    told = Counter(Message.objects.exclude(template="invoice").values_list("customer_id", "template"))
    assert set(told.values()) == {1}
    assert len(told) == 3 * len(people)
