"""Holds take the service off for exactly their days and give back only what they took."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from billing.models import CustomerDown, HeldAccount, SuspensionCase, TakenDown
from billing.services import service_holds
from billing.services.suspensions import taking_down
from dataaccounts.services import accounts
from tests.factories import make_customer
from tests.factories.data import make_account
from tests.factories.items import make_hold, make_item

pytestmark = pytest.mark.django_db


def at(day: int, month: int = 9) -> datetime:
    return datetime(2018, month, day, 6, tzinfo=UTC)


@pytest.fixture
def alice():
    alice = make_customer("Alice Liddel", "ALI001")
    make_hold(alice, date(2018, 9, 1), date(2018, 9, 30))
    return alice


def state(account):
    account.refresh_from_db()
    return account.state


def test_the_service_is_off_for_exactly_the_days_of_the_hold(alice):
    account = make_account(alice)
    for now, expected in (
        (at(31, 8), "active"),
        (at(1), "suspended"),
        (at(30), "suspended"),
        (at(1, 10), "active"),
    ):
        service_holds.keep_to_days(now)
        assert state(account) == expected, now


def test_what_was_suspended_by_hand_stays_so(alice):
    by_hand, running = make_account(alice), make_account(alice, "shop@isp.example")
    accounts.suspend(accounts=[by_hand.pk], reason="Abuse", actor=None, now=at(20, 8))
    service_holds.keep_to_days(at(1))
    service_holds.keep_to_days(at(1, 10))
    assert (state(by_hand), state(running)) == ("suspended", "active")


def test_called_twice_it_does_nothing_twice(alice):
    make_account(alice)
    assert service_holds.keep_to_days(at(2)) == "1 taken off, 0 given back."
    assert service_holds.keep_to_days(at(2)) == ""
    assert HeldAccount.objects.count() == 1


def suspended(customer, **more):
    """A case that took the customer down."""
    case = SuspensionCase.objects.create(
        customer=customer,
        state="suspended",
        opened_on=date(2018, 9, 5),
        counts_from=date(2018, 8, 25),
        overdue="454.00",
        suspended_on=date(2018, 9, 20),
    )
    return CustomerDown.objects.create(case=case, customer=customer, down_at=at(20), **more).case


def test_a_customer_who_is_suspended_meanwhile_comes_back_when_the_case_ends_and_not_before(alice):
    account = make_account(alice)
    service_holds.keep_to_days(at(1))
    case = suspended(alice)
    service_holds.keep_to_days(at(1, 10))
    assert state(account) == "suspended"
    assert TakenDown.objects.get(account=account).case == case
    assert taking_down.bring_back([case.pk], now=at(2, 10), actor=None) == 1
    assert state(account) == "active"


def test_the_stop_of_billing_of_who_is_suspended_for_long_takes_no_service_off():
    bob = make_customer("Bob Sands", "BOB001")
    account = make_account(bob, "bob@isp.example")
    suspended(bob, hold=make_hold(bob, date(2018, 9, 1), date(2018, 9, 30)))
    service_holds.keep_to_days(at(2))
    assert state(account) == "active", "whoever has paid stays on"


def test_what_a_person_suspended_during_the_hold_stays_so(alice):
    account = make_account(alice)
    service_holds.keep_to_days(at(1))
    accounts.restore(accounts=[account.pk], reason="Asked", actor=None, now=at(2))
    accounts.suspend(accounts=[account.pk], reason="Abuse", actor=None, now=at(3))
    service_holds.keep_to_days(at(1, 10))
    assert state(account) == "suspended"


def test_what_a_person_let_in_again_during_the_hold_stays_on(alice):
    account = make_account(alice)
    service_holds.keep_to_days(at(1))
    accounts.restore(accounts=[account.pk], reason="Back early", actor=None, now=at(2))
    assert service_holds.keep_to_days(at(3)) == ""
    assert state(account) == "active"


def test_a_hold_of_one_item_takes_no_service_off():
    bob = make_customer("Bob Sands", "BOB001")
    account = make_account(bob, "bob@isp.example")
    make_hold(bob, date(2018, 9, 1), date(2018, 9, 30), item=make_item(bob))
    service_holds.keep_to_days(at(2))
    assert state(account) == "active"


def test_one_hold_follows_another_without_a_gap(alice):
    account = make_account(alice)
    make_hold(alice, date(2018, 10, 1), date(2018, 10, 10))
    service_holds.keep_to_days(at(1))
    service_holds.keep_to_days(at(1, 10))
    assert state(account) == "suspended"
    service_holds.keep_to_days(at(11, 10))
    assert state(account) == "active"
