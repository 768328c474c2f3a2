"""The collections day: who is listed, warned, suspended and reset, and on which day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import CaseStep, Dispute, Promise, SuspensionCase, SuspensionTerms, TakenDown
from billing.selectors.suspensions import overdue
from billing.services import suspensions
from customers.models import Customer
from dataaccounts.models import SessionOrder
from dataaccounts.services import accounts
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.data import make_account, make_nas, make_session
from tests.factories.suspensions import (
    DUE,
    approve,
    at,
    case_of,
    day,
    make_debtor,
    make_group,
    run_on,
    switch_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def greta():
    return make_person("Greta")


@pytest.fixture
def bob():
    switch_on()
    return make_debtor(make_customer("Bob Hatter", "BOB001"))


def kinds(customer):
    return list(CaseStep.objects.filter(case__customer=customer).order_by("pk").values_list("kind", "day"))


def told(customer):
    found = Message.objects.filter(customer_id=customer.pk).order_by("pk")
    return [one.template for one in found if one.state != "cancelled" and one.template != "invoice"]


def suspended(customer, greta):
    """Bob on his fifteenth day: listed, approved, warned twice, suspended."""
    run_on(7)
    approve(customer, greta, 7)
    for number in (7, 12, 15):
        run_on(number)


def test_bob_is_listed_approved_warned_twice_and_suspended_and_restored_when_he_pays(bob, greta):
    account = make_account(bob, "bob@isp.example")
    make_session(account, make_nas())
    assert run_on(6) == {}
    assert run_on(7) == {"listed": 1}
    assert run_on(8) == {}
    approve(bob, greta, 8)
    assert run_on(8) == {"warned": 1}
    assert run_on(12) == {}
    assert run_on(13) == {"warned_twice": 1}
    assert run_on(15) == {}
    assert run_on(16) == {"suspended": 1}
    account.refresh_from_db()
    bob.refresh_from_db()
    assert (account.state, bob.status) == ("suspended", "suspended")
    assert SessionOrder.objects.get().kind == "disconnect"
    assert kinds(bob) == [
        ("opened", day(7)),
        ("approved", day(8)),
        ("warned", day(8)),
        ("warned_twice", day(13)),
        ("suspended", day(16)),
    ]

    make_receipt(bob, "454.00", day(17))
    assert suspensions.settle(at(day(17))) == 1
    account.refresh_from_db()
    bob.refresh_from_db()
    assert (account.state, bob.status, case_of(bob).state) == ("active", "active", "ended")
    names = "suspension_first_warning suspension_second_warning suspension_suspended".split()
    assert Message.objects.filter(template__in=names, state="cancelled").count() == 3
    assert told(bob) == ["suspension_lifted"]
    assert list(
        Fact.objects.filter(kind__startswith="customer.").order_by("pk").values_list("kind", flat=True)
    ) == [
        "customer.suspended",
        "customer.restored",
    ]


def test_nothing_happens_while_it_is_off_or_nobody_approved(bob):
    switch_on(enabled=False)
    assert run_on(40) == {}
    switch_on()
    assert run_on(40) == {"listed": 1}
    assert run_on(60) == {}
    assert told(bob) == []


def test_a_late_approval_keeps_the_distance_between_the_steps(bob, greta):
    run_on(30)
    approve(bob, greta, 30)
    assert run_on(30) == {"warned": 1}
    assert run_on(34) == {}
    assert run_on(35) == {"warned_twice": 1}
    assert run_on(37) == {}
    assert run_on(38) == {"suspended": 1}


def test_a_day_that_was_missed_is_made_up_for_without_two_steps_at_once(bob, greta):
    run_on(7)
    approve(bob, greta, 7)
    run_on(7)
    assert run_on(23) == {"warned_twice": 1}
    assert run_on(23) == {}
    assert run_on(25) == {}
    assert run_on(28) == {"suspended": 1}


def test_who_owes_less_than_the_minimum_is_left_alone_and_credit_counts(bob):
    alice = make_debtor(make_customer("Alice Liddel", "ALI001"), "49.99")
    carol = make_debtor(make_customer("Carol Queen", "CAR001"), "454.00")
    make_receipt(carol, "420.00", DUE)
    assert run_on(20) == {"listed": 1}
    assert SuspensionCase.objects.get().customer == bob
    found = overdue([alice.pk, carol.pk], day(20))
    assert (found[alice.pk].amount, found[alice.pk].counts_from) == (Decimal("49.99"), None)
    assert (found[carol.pk].amount, found[carol.pk].counts_from) == (Decimal("34.00"), None)


def test_days_count_from_when_the_minimum_was_overdue(bob):
    dora = make_debtor(make_customer("Dora Dormouse", "DOR001"), "10.00", DUE - timedelta(days=90))
    make_invoice(dora, "454.00", DUE, due=DUE + timedelta(days=5))
    found = overdue([dora.pk], day(20))[dora.pk]
    assert (found.amount, found.counts_from, found.since) == (
        Decimal("464.00"),
        day(5),
        DUE - timedelta(days=90),
    )


@pytest.mark.parametrize(
    ("terms", "listed_on"),
    [
        ({}, 7),
        ({"group": {"overdue_days": 3, "second_notice_days": 5, "suspension_days": 9}}, 3),
        ({"own": {"overdue_days": 20, "second_notice_days": 25, "suspension_days": 30}}, 20),
        ({"group": {"overdue_days": 3}, "own": {"use_group": True}}, 3),
    ],
)
def test_days_are_the_companys_the_groups_or_the_customers_own(terms, listed_on):
    switch_on()
    group = make_group(**terms["group"]) if "group" in terms else None
    alice = make_debtor(make_customer("Alice Liddel", "ALI001", billing_group=group))
    if "own" in terms:
        SuspensionTerms.objects.create(customer=alice, **{"use_group": False} | terms["own"])
    assert run_on(listed_on - 1) == {}
    assert run_on(listed_on) == {"listed": 1}


def test_suspension_disabled_wins_over_everything(bob, greta):
    suspended(bob, greta)
    SuspensionTerms.objects.create(customer=bob, disabled=True, disabled_why="A hospital")
    assert run_on(15) == {"reset": 1}
    bob.refresh_from_db()
    assert bob.status == "active"
    assert run_on(40) == {}


def test_a_promise_holds_a_case_and_a_reported_payment_once(bob, greta):
    run_on(7)
    approve(bob, greta, 7)
    promise = Promise.objects.create(customer=bob, amount=Decimal("454"), by_day=day(10), made_on=day(7))
    assert run_on(10) == {}
    promise.state, promise.decided_on = "broken", day(11)
    promise.save()
    assert suspensions.report_payment(customer=bob, now=at(day(11)))
    assert run_on(12) == {}
    assert not suspensions.report_payment(customer=bob, now=at(day(12)))
    assert run_on(14) == {"warned": 1}


def test_suspension_waits_for_business_hours_of_a_business_day(bob, greta):
    switch_on(from_hour=8, until_hour=15)
    run_on(5 + 2)
    approve(bob, greta, 7)
    run_on(7, hour=20)
    run_on(12, hour=5)
    assert run_on(19, hour=20) == {}
    assert (day(19).weekday(), day(20).weekday()) == (5, 6)
    assert run_on(19) == {}
    assert run_on(20) == {}
    assert day(21) == date(2026, 3, 23)
    assert run_on(21, hour=7) == {}
    assert run_on(21, hour=8) == {"suspended": 1}


def test_what_was_suspended_by_hand_stays_so_and_what_was_restored_by_hand_is_not_touched(bob, greta):
    by_hand, later, usual = (make_account(bob, f"{name}@isp.example") for name in ("hand", "later", "usual"))
    accounts.suspend(accounts=[by_hand.pk], reason="Abuse", actor=greta, now=at(day(1)))
    suspended(bob, greta)
    assert set(TakenDown.objects.values_list("account__username", flat=True)) == {
        "later@isp.example",
        "usual@isp.example",
    }
    accounts.restore(accounts=[later.pk], reason="Let in", actor=greta, now=at(day(16)))
    accounts.suspend(accounts=[later.pk], reason="Abuse", actor=greta, now=at(day(16), 12))
    make_receipt(bob, "454.00", day(17))
    run_on(17)
    for one in (by_hand, later, usual):
        one.refresh_from_db()
    assert [one.state for one in (by_hand, later, usual)] == ["suspended", "suspended", "active"]
    assert not TakenDown.objects.filter(back_at=None).exists()


def test_a_pause_lifts_and_suspends_again_if_still_unpaid(bob, greta):
    account = make_account(bob, "bob@isp.example")
    suspended(bob, greta)
    assert suspensions.pause(cases=[case_of(bob).pk], days=3, actor=greta, now=at(day(16))) == 1
    account.refresh_from_db()
    bob.refresh_from_db()
    assert (account.state, bob.status, case_of(bob).state) == ("active", "active", "suspended")
    assert run_on(18) == {}
    assert day(19).weekday() == 5
    assert run_on(21) == {"suspended_again": 1}
    account.refresh_from_db()
    assert account.state == "suspended"
    assert told(bob).count("suspension_suspended") == 2
    make_receipt(bob, "454.00", day(22))
    run_on(22)
    account.refresh_from_db()
    assert account.state == "active"


def test_a_reset_ends_the_case_and_a_new_one_waits_for_approval_the_next_day(bob, greta):
    suspended(bob, greta)
    with pytest.raises(DomainError, match="Say why"):
        suspensions.reset(cases=[case_of(bob).pk], reason=" ", actor=greta, now=at(day(16)))
    assert suspensions.reset(cases=[case_of(bob).pk], reason="Our mistake", actor=greta, now=at(day(16))) == 1
    assert (case_of(bob).state, case_of(bob).ended_why) == ("ended", "Our mistake")
    assert run_on(16) == {}
    assert run_on(17) == {"listed": 1}
    assert SuspensionCase.objects.count() == 2


def test_a_disputed_document_is_not_overdue_until_it_is_answered(bob):
    dispute = Dispute.objects.create(document=bob.documents.get(), reason="Never had it")
    assert run_on(20) == {}
    dispute.answered_at, dispute.answer = at(day(20)), "It was delivered."
    dispute.save()
    assert run_on(20) == {"listed": 1}


def test_suspended_at_once_with_a_reason_and_only_who_owes(bob, greta):
    account = make_account(bob, "bob@isp.example")
    alice = make_customer("Alice Liddel", "ALI001")
    with pytest.raises(DomainError, match="Less than"):
        suspensions.suspend_at_once(customer=alice, reason="Mood", actor=greta, now=at(day(1)))
    with pytest.raises(DomainError, match="business days"):
        suspensions.suspend_at_once(customer=bob, reason="Bounced", actor=greta, now=at(day(5)))
    case = suspensions.suspend_at_once(customer=bob, reason="Bounced twice", actor=greta, now=at(day(1)))
    account.refresh_from_db()
    assert (case.state, case.by_hand, account.state) == ("suspended", True, "suspended")
    step = CaseStep.objects.get(case=case, kind="suspended")
    assert (step.why, step.by) == ("Bounced twice", greta)
    with pytest.raises(DomainError, match="already"):
        suspensions.suspend_at_once(customer=bob, reason="Again", actor=greta, now=at(day(2)))


def test_who_came_suspended_is_neither_warned_nor_restored_until_a_person_decides(greta):
    switch_on()
    carol, dora = (make_customer(name, code, status="suspended") for name, code in
                   (("Carol Queen", "CAR001"), ("Dora Dormouse", "DOR001")))  # fmt: skip
    make_debtor(carol)
    account = make_account(carol, "carol@isp.example", state="suspended")
    assert run_on(1) == {"taken_over": 2}
    for number in (20, 40, 200):
        assert run_on(number) == {}
    assert told(carol) == []
    account.refresh_from_db()
    assert account.state == "suspended"
    assert suspensions.keep(cases=[case_of(carol).pk], actor=greta, now=at(day(200))) == 1
    assert suspensions.reset(cases=[case_of(dora).pk], reason="Paid long ago", actor=greta, now=at(day(200)))
    dora.refresh_from_db()
    assert dora.status == "active"
    make_receipt(carol, "454.00", day(201))
    run_on(201)
    account.refresh_from_db()
    carol.refresh_from_db()
    assert (account.state, carol.status) == ("active", "active")


def test_a_day_to_come_is_refused(bob):
    with pytest.raises(DomainError, match="has not come"):
        suspensions.run(day(8), at(day(7)))


def test_the_run_asks_as_much_for_thirty_as_for_three(bob, django_assert_max_num_queries):
    for number in range(29):
        make_debtor(make_customer(f"Client {number}", f"CLI{number:03}"))
    with django_assert_max_num_queries(16):
        assert run_on(7) == {"listed": 30}
    greta = make_person("Hugo")
    cases = list(SuspensionCase.objects.values_list("pk", flat=True))
    suspensions.approve(cases=cases, actor=greta, now=at(day(7)))
    run_on(7)
    run_on(12)
    for customer in Customer.objects.all():
        make_account(customer, f"{customer.code.lower()}@isp.example")
    with django_assert_max_num_queries(36):
        assert run_on(15) == {"suspended": 30}
