"""A suspension and a hold of the same customer: who has paid has service, and nobody is forgotten."""

from __future__ import annotations

import pytest

from billing.models import TakenDown
from billing.services import service_holds, suspensions
from billing.services.suspensions import taking_down
from herotill.messages.models import Message
from tests.factories import make_customer, make_person
from tests.factories.billing import make_receipt
from tests.factories.data import make_account
from tests.factories.items import make_hold, make_item
from tests.factories.suspensions import at, case_of, day, make_debtor, run_on, switch_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    switch_on()
    return make_debtor(make_customer("Bob Hatter", "BOB001"))


@pytest.fixture
def greta():
    return make_person("Greta")


def state(account):
    account.refresh_from_db()
    return account.state


def test_who_pays_after_billing_had_stopped_has_service_at_once_and_keeps_it(bob, greta):
    make_item(bob)
    account = make_account(bob, "bob@isp.example")
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    assert run_on(61) == {"billing_stopped": 1}
    make_receipt(bob, "454.00", day(70))
    assert suspensions.settle(at(day(70))) == 1
    service_holds.keep_to_days(at(day(70), 12))
    assert state(account) == "active"


def test_a_pause_lasts_though_billing_had_stopped(bob, greta):
    make_item(bob)
    account = make_account(bob, "bob@isp.example")
    case = suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    run_on(61)
    suspensions.pause(cases=[case.pk], days=3, actor=greta, now=at(day(62)))
    service_holds.keep_to_days(at(day(62), 12))
    assert state(account) == "active"


def test_what_a_hold_left_to_a_case_comes_back_when_it_is_paid(bob, greta):
    account = make_account(bob, "bob@isp.example")
    make_hold(bob, day(0), day(10))
    service_holds.keep_to_days(at(day(0)))
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    service_holds.keep_to_days(at(day(11)))
    assert state(account) == "suspended"
    make_receipt(bob, "454.00", day(12))
    suspensions.settle(at(day(12)))
    assert state(account) == "active"


def test_what_a_person_restored_while_a_case_stood_another_case_may_take_down(bob, greta):
    account = make_account(bob, "bob@isp.example")
    first = suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    from dataaccounts.services import accounts

    accounts.restore(accounts=[account.pk], reason="A favour", actor=greta, now=at(day(2)))
    assert taking_down.take_down({bob.pk: first.pk}, now=at(day(3)), actor=None) == 1
    assert TakenDown.objects.get(account=account).down_at == at(day(3))


def test_who_has_left_is_not_told_that_the_service_is_back(bob, greta):
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    type(bob).objects.filter(pk=bob.pk).update(status="cancelled")
    assert run_on(2) == {"reset": 1}
    assert case_of(bob).state == "ended"
    assert not Message.objects.filter(template="suspension_lifted").exists()
