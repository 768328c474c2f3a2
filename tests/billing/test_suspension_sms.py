"""Notices of suspension by SMS: off until somebody switches them on, and then besides each mail, once."""

from __future__ import annotations

from typing import Any

import pytest

from billing.models import SuspensionRules
from billing.services import suspensions
from customers.models import Customer
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.templates import templates
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_receipt
from tests.factories.suspensions import approve, at, case_of, day, make_debtor, run_on, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.money]
RULES = "/billing/setup/suspension/"


@pytest.fixture
def greta() -> User:
    return make_person("Greta")


def bob(**rules: Any) -> Customer:
    switch_on(**rules)
    return make_debtor(make_customer("Bob Hatter", "BOB001"))


def told(channel: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(channel=channel, template__startswith="suspension")
    return [(one.template, one.key) for one in found.order_by("pk")]


def goes_down(customer: Customer, greta: User) -> None:
    run_on(7)
    approve(customer, greta, 7)
    for number in (7, 12, 15):
        run_on(number)


def test_without_the_setting_nobody_is_sent_an_sms(greta: User) -> None:
    assert not SuspensionRules.objects.get().notices_by_sms
    goes_down(bob(), greta)
    assert (len(told("email")), told("sms")) == (3, [])


def test_with_it_each_step_is_told_by_mail_and_by_sms_once(greta: User) -> None:
    who = bob(notices_by_sms=True)
    goes_down(who, greta)
    for number in (12, 15):
        run_on(number)
    mails, case = told("email"), case_of(who).pk
    assert [name for name, _ in mails] == [
        "suspension_first_warning",
        "suspension_second_warning",
        "suspension_suspended",
    ]
    assert told("sms") == [(f"{name}-sms", f"{key}-sms") for name, key in mails]
    assert all(f"suspension-{case}-" in key for _, key in mails)
    make_receipt(who, "454.00", day(16))
    suspensions.settle(at(day(16)))
    assert told("sms")[-1][0] == "suspension_lifted-sms"


def test_s03_who_has_paid_is_sent_no_sms_that_still_waits(greta: User) -> None:
    who = bob(notices_by_sms=True)
    run_on(7)
    approve(who, greta, 7)
    run_on(7)
    waiting = Message.objects.get(channel="sms")
    secrets = templates["suspension_first_warning-sms"].secrets
    assert secrets is not None
    assert secrets(waiting, at(day(7))) == {}
    make_receipt(who, "454.00", day(8))
    with pytest.raises(DomainError, match="Nothing was overdue any more"):
        secrets(waiting, at(day(8)))
    suspensions.settle(at(day(8)))
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_an_sms_is_one_sms() -> None:
    short = [one for one in templates if one.name.startswith("suspension") and one.channel == "sms"]
    assert len(short) == 4
    for one in short:
        text = one.text.format(**{field.name: field.example for field in one.fields})
        assert len(text) <= 160, one.name


def test_whoever_may_switches_it_on() -> None:
    rights = ("billing.view_suspensionrules", "billing.change_suspensionrules")
    page = client_of(make_person("Mary", *rights)).get(RULES).content.decode()
    assert ('name="notices_by_sms"' in page, "Each SMS costs" in page) == (True, True)
    dora = client_of(make_person("Dora", "billing.view_suspensionrules"))
    dora.post(RULES, {"notices_by_sms": "on"})
    assert not SuspensionRules.objects.get().notices_by_sms
