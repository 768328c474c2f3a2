"""What must never happen while customers are warned and suspended: rules 8, 14, 15, 16 and 29."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import (
    CollectedEntry,
    CollectionBatch,
    CollectionLine,
    CustomerDown,
    DebitDetail,
    Dispute,
    Entry,
    Hold,
    Line,
    Mandate,
    PayerBank,
    SubAccountMode,
    SuspensionCase,
    SuspensionRules,
    TakeOver,
)
from billing.selectors.suspensions import overdue
from billing.services import charging, moving, suspensions
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services.preparing import letters, sealed
from herotill.months import Month
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_owe, make_receipt
from tests.factories.data import make_account
from tests.factories.items import make_item
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on():
    switch_on()


@pytest.fixture
def greta():
    return make_person("Greta")


def debits(customer, debit_day):
    """A customer who pays by debit order on this day of the month."""
    bank = PayerBank.objects.order_by("pk").first()
    detail = DebitDetail.objects.create(
        customer=customer, bank=bank, branch_name="x", branch_code="250655", holder="Bob Hatter",
        number="62000000001", debit_day=debit_day,
    )  # fmt: skip
    return Mandate.objects.create(
        customer=customer, detail=detail, reference=f"M{customer.pk}", kind="paper", status="active",
        debit_day=debit_day, signed_at=timezone.now(),
    )  # fmt: skip


def collect(customer, mandate, action_date):
    """What the customer owes stands in a line of a batch that is still being checked."""
    entry = Entry.objects.get(customer=customer)
    batch = CollectionBatch.objects.create(
        billing_group=make_group(),
        method="debit_order",
        channel="netcash",
        name="Batch 1",
        action_date=action_date,
        due_upto=action_date,
    )
    line = CollectionLine.objects.create(
        batch=batch,
        customer=customer,
        mandate=mandate,
        reference="BOB001",
        due=entry.amount,
        amount=entry.amount,
    )
    CollectedEntry.objects.create(line=line, entry=entry, amount=entry.amount)
    return line


def release(line):
    CollectionBatch.objects.filter(pk=line.batch_id).update(state="sent", release_hash="x")
    CollectionLine.objects.filter(pk=line.pk).update(state="sent")


def listed_first(numbers=range(1, 60)):
    return next((number for number in numbers if run_on(number).get("listed")), None)


def test_s08_days_of_debit_order_customers_count_from_the_action_date_and_business_days():
    bob = make_debtor(make_customer("Bob Hatter", "BOB001", payment_method="debit_order"))
    debits(bob, 25)
    found = overdue([bob.pk], date(2026, 5, 1))[bob.pk]
    assert found.counts_from == date(2026, 3, 30)  # Wednesday the 25th and three business days
    assert overdue([bob.pk], date(2026, 3, 30)) == {}
    assert listed_first() == (date(2026, 4, 6) - DUE).days


def test_s08_the_last_line_says_the_action_date_and_a_debit_day_before_the_due_date_is_next_months():
    bob = make_debtor(make_customer("Bob Hatter", "BOB001", payment_method="debit_order"))
    mandate = debits(bob, 1)
    assert overdue([bob.pk], date(2026, 6, 1))[bob.pk].counts_from == date(2026, 4, 8)  # Easter lies between
    line = collect(bob, mandate, date(2026, 3, 16))
    assert overdue([bob.pk], date(2026, 6, 1))[bob.pk].counts_from == date(2026, 4, 8)
    release(line)
    CollectionLine.objects.filter(pk=line.pk).update(state="unpaid")
    CollectedEntry.objects.filter(line=line).update(live=False)
    assert overdue([bob.pk], date(2026, 6, 1))[bob.pk].counts_from == date(2026, 3, 19)


def test_s08_while_a_released_line_awaits_its_result_nothing_of_it_is_overdue():
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    mandate = debits(bob, 25)
    assert overdue([bob.pk], day(30))[bob.pk].amount == Decimal("454.00")
    line = collect(bob, mandate, day(31))
    assert overdue([bob.pk], day(30))[bob.pk].amount == Decimal("454.00")
    release(line)
    assert overdue([bob.pk], day(30)) == {}
    assert run_on(30) == {}
    CollectionLine.objects.filter(pk=line.pk).update(state="unpaid")
    CollectedEntry.objects.filter(line=line).update(live=False)
    assert run_on(30) == {"listed": 1}


def test_s08_nobody_is_suspended_at_night_on_a_weekend_or_on_a_holiday(greta):
    switch_on(from_hour=8, until_hour=15)
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"), due=date(2026, 3, 19))
    run = suspensions.run
    run(date(2026, 3, 26), at(date(2026, 3, 26)))
    suspensions.approve(cases=[case_of(bob).pk], actor=greta, now=at(date(2026, 3, 26)))
    run(date(2026, 3, 26), at(date(2026, 3, 26)))
    run(date(2026, 3, 31), at(date(2026, 3, 31)))
    good_friday = date(2026, 4, 3)
    for moment in (at(good_friday), at(date(2026, 4, 4)), at(date(2026, 4, 6)), at(date(2026, 4, 7), 7)):
        assert run(moment.date(), moment) == {}
    with pytest.raises(DomainError, match="business days"):
        suspensions.suspend_at_once(customer=bob, reason="Now", actor=greta, now=at(good_friday))
    assert run(date(2026, 4, 7), at(date(2026, 4, 7), 8)) == {"suspended": 1}


def sub_of(master, name, code, mode):
    sub = make_customer(name, code, master=master)
    SubAccountMode.objects.create(customer=sub, starts_on=date(2026, 1, 1), mode=mode)
    return sub


def test_s14_what_is_billed_to_the_master_is_decided_there_and_both_are_suspended(greta):
    master = make_debtor(make_customer("Wonderland", "WON001", kind="company"))
    alice = sub_of(master, "Alice Liddel", "ALI001", "master")
    hare = sub_of(master, "Mad March", "MAR001", "itself")
    make_debtor(alice)
    accounts = {
        one.code: make_account(one, f"{one.code.lower()}@isp.example") for one in (master, alice, hare)
    }
    assert run_on(7) == {"listed": 1}
    approve(master, greta, 7)
    for number in (7, 12, 15):
        run_on(number)
    for one in accounts.values():
        one.refresh_from_db()
    assert {code: one.state for code, one in accounts.items()} == {
        "WON001": "suspended",
        "ALI001": "suspended",
        "MAR001": "active",
    }
    assert not Message.objects.filter(customer_id=alice.pk, template__startswith="suspension").exists()
    assert set(CustomerDown.objects.values_list("customer__code", flat=True)) == {"WON001", "ALI001"}
    make_receipt(master, "454.00", day(16))
    run_on(16)
    accounts["ALI001"].refresh_from_db()
    alice.refresh_from_db()
    assert (accounts["ALI001"].state, alice.status) == ("active", "active")


def test_s14_a_resellers_client_is_never_listed_messaged_or_suspended(greta):
    reseller = make_debtor(make_customer("Resold", "RES001", kind="company", is_reseller=True))
    client = sub_of(reseller, "Dora Dormouse", "DOR001", "reseller")
    make_debtor(client)
    account = make_account(client, "dora@isp.example")
    run_on(7)
    assert list(SuspensionCase.objects.values_list("customer__code", flat=True)) == ["RES001"]
    approve(reseller, greta, 7)
    for number in (7, 12, 15):
        run_on(number)
    account.refresh_from_db()
    assert account.state == "active"
    assert not Message.objects.filter(customer_id=client.pk, template__startswith="suspension").exists()
    with pytest.raises(DomainError, match="Less than"):
        suspensions.suspend_at_once(customer=client, reason="Owes", actor=greta, now=at(day(15)))


def test_s15_who_loses_a_receipt_begins_with_a_fresh_first_warning(greta):
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    run_on(7)
    approve(bob, greta, 7)
    run_on(7)
    receipt = make_receipt(bob, "454.00", day(8))
    run_on(8)
    assert case_of(bob).state == "ended"
    carol = make_customer("Carol Queen", "CAR001")
    moving.move(receipt=receipt, to=carol, day=day(9), reason="Carol's", actor=greta)
    assert run_on(9) == {"listed": 1}
    approve(bob, greta, 9)
    assert run_on(9) == {"warned": 1}
    assert run_on(10) == {}


def test_s16_collections_stay_off_until_the_debtors_taken_over_are_signed(greta):
    bob = make_customer("Bob Hatter", "BOB001")
    make_owe(bob, "900.00", DUE - timedelta(days=90))
    make_debtor(make_customer("Alice Liddel", "ALI001"))
    assert run_on(20) == {}
    assert overdue([bob.pk], day(20)) == {}
    with pytest.raises(DomainError, match="signed"):
        suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(15)))
    TakeOver.objects.create(as_at=DUE, uploaded_by=greta, signed_by=greta, signed_at=at(day(20)))
    assert overdue([bob.pk], day(20))[bob.pk].amount == Decimal("900.00")
    assert run_on(20) == {"listed": 2}


def test_s29_a_disputed_amount_is_not_overdue_until_it_is_answered(greta):
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    make_invoice(bob, "100.00", DUE - timedelta(days=7), due=DUE)
    disputed = bob.documents.order_by("pk").first()
    dispute = Dispute.objects.create(document=disputed, reason="Never had it")
    assert overdue([bob.pk], day(20))[bob.pk].amount == Decimal("100.00")
    dispute.answered_at, dispute.answer = at(day(20)), "It was delivered."
    dispute.save()
    assert overdue([bob.pk], day(20))[bob.pk].amount == Decimal("554.00")


def test_s29_after_long_suspension_billing_stops_and_cancellation_is_proposed(greta):
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    make_item(bob)
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    assert run_on(60) == {}
    assert run_on(61) == {"billing_stopped": 1}
    hold = Hold.objects.get()
    assert (hold.customer, hold.first, hold.reason) == (
        bob,
        day(61),
        "Suspended for long: billing has stopped",
    )
    charging.generate(customers=[bob.pk], month=Month(2026, 6))
    june = Line.objects.filter(customer=bob, period=Month(2026, 6).first)
    assert not june.exists()
    assert SuspensionCase.objects.filter(billing_stopped_on=day(61)).exists()
    assert run_on(62) == {}

    make_receipt(bob, "454.00", day(70))
    assert run_on(70) == {"reset": 1}
    hold.refresh_from_db()
    assert hold.last == day(70)
    charging.generate(customers=[bob.pk], month=Month(2026, 6))
    assert june.exists()


def test_s29_billing_never_stops_where_the_rules_say_so(greta):
    SuspensionRules.objects.update(stop_billing_days=0)
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    suspensions.suspend_at_once(customer=bob, reason="Owes", actor=greta, now=at(day(1)))
    assert run_on(300) == {}


def test_a_warning_is_asked_about_once_more_just_before_it_goes_out(greta):
    bob = make_debtor(make_customer("Bob Hatter", "BOB001"))
    run_on(7)
    approve(bob, greta, 7)
    run_on(7)
    message = Message.objects.get(template="suspension_first_warning")
    (letter,) = letters([message], now=at(day(7)))
    text = sealed(letter, now=at(day(7))).text
    assert "R 454.00 of your account BOB001 is overdue" in text
    assert str(day(15)) in text
    make_receipt(bob, "454.00", day(7))
    with pytest.raises(DomainError, match="Nothing was overdue"):
        sealed(letter, now=at(day(7), 11))
