"""Who loses a receipt to another customer is warned anew before anything else."""

from __future__ import annotations

import pytest

from billing.services import moving, suspensions
from herotill import events
from tests.factories import make_customer, make_person
from tests.factories.billing import make_receipt
from tests.factories.suspensions import DUE, approve, at, case_of, day, make_debtor, run_on, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def bob():
    switch_on()
    return make_debtor(make_debtor(make_customer("Bob Hatter", "BOB001"), "300.00"))


def moved(bob, number: int) -> None:
    receipt = make_receipt(bob, "300.00", DUE)
    alice = make_customer("Alice Liddel", "ALI001")
    moving.move(receipt=receipt, to=alice, reason="Hers", day=day(number), actor=make_person("Eve"))
    events.hand_out(at(day(number)))


def test_s15_a_receipt_moved_away_means_a_fresh_first_warning(bob, monkeypatch):
    greta = make_person("Greta")
    run_on(7)
    approve(bob, greta, 7)
    run_on(7)
    assert run_on(12) == {"warned_twice": 1}
    warned = case_of(bob)
    monkeypatch.setattr("billing.suspending.stamp", lambda: at(day(13)))
    moved(bob, 13)
    warned.refresh_from_db()
    assert warned.state == "ended"
    assert run_on(15) == {"listed": 1}
    approve(bob, greta, 15)
    assert run_on(15) == {"warned": 1}
    assert case_of(bob) != warned


def test_who_is_suspended_already_stays_so(bob, monkeypatch):
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=make_person("Greta"), now=at(day(2)))
    monkeypatch.setattr("billing.suspending.stamp", lambda: at(day(13)))
    moved(bob, 13)
    assert case_of(bob).state == "suspended"
