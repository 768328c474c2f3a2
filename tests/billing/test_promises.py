"""Promises to pay: taken down, one at a time, kept or broken by what came in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from billing.models import DebtorNote, Promise
from billing.policies import promising
from billing.selectors import promises as reading
from billing.services import disputes, promises, receipts
from customers.models import Customer
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.jobs import jobs
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.money]
TODAY = date(2018, 8, 22)  # a Wednesday
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
FRIDAY = date(2018, 8, 24)


def owing(name: str = "Bob Baker", code: str = "BOB001") -> Customer:
    customer = make_customer(name, code)
    make_invoice(customer, "454.00", date(2018, 7, 1))
    return customer


def promise(customer: Customer, amount: str = "454.00", by_day: date = FRIDAY) -> Promise:
    return promises.make(customer=customer, amount=Decimal(amount), by_day=by_day, now=NOW, actor=None)


def state(made: Promise) -> str:
    made.refresh_from_db()
    return made.state


def test_bob_promises_pays_in_time_and_has_kept_his_word():
    bob = owing()
    made = promise(bob)
    assert promises.decide(day=TODAY) == {"kept": 0, "broken": 0}
    assert reading.open([bob.pk]) == {bob.pk: made}

    make_receipt(bob, "454.00", FRIDAY)
    assert promises.decide(day=FRIDAY) == {"kept": 1, "broken": 0}
    assert (state(made), made.decided_on, reading.open([bob.pk])) == ("kept", FRIDAY, {})


def test_carol_does_not_pay_and_her_promise_breaks_a_business_day_later():
    made = promise(owing("Carol Cook", "CAR001"))

    for day in (FRIDAY, date(2018, 8, 25), date(2018, 8, 27)):  # Monday: the bank's Friday is known only now
        assert promises.decide(day=day)["broken"] == 0
    assert promises.decide(day=date(2018, 8, 28)) == {"kept": 0, "broken": 1}
    assert state(made) == "broken"


def test_what_came_before_or_after_or_came_back_keeps_no_promise():
    bob, carol, dan = owing(), owing("Carol Cook", "CAR001"), owing("Dan Dyer", "DAN001")
    make_receipt(bob, "100.00", TODAY - timedelta(days=1))
    made = [promise(one, "100.00") for one in (bob, carol, dan)]
    make_receipt(carol, "100.00", FRIDAY + timedelta(days=1))
    unpaid = make_receipt(dan, "100.00", FRIDAY)
    receipts.reverse(receipt=unpaid, day=FRIDAY, reason="Not provided for", code="02", actor=None)

    promises.decide(day=date(2018, 8, 28))
    assert [state(one) for one in made] == ["broken"] * 3


def test_who_owes_nothing_of_it_any_more_has_kept_it_and_a_later_invoice_does_not_count():
    bob = owing()
    made = promise(bob, "400.00", date(2018, 9, 10))
    make_receipt(bob, "54.00", TODAY)
    assert promises.decide(day=TODAY) == {"kept": 0, "broken": 0}

    make_receipt(bob, "346.00", TODAY)
    make_receipt(bob, "54.00", TODAY)
    make_invoice(bob, "454.00", date(2018, 9, 1))
    assert promises.decide(day=date(2018, 9, 2))["kept"] == 1
    assert state(made) == "kept"


def test_a_promise_waits_while_what_it_is_about_is_disputed():
    bob = make_customer("Bob Baker", "BOB001")
    invoice = make_invoice(bob, "454.00", date(2018, 7, 1))
    made = promise(bob)
    disputes.add(document=invoice, reason="Never had it", now=NOW, actor=None)

    promises.decide(day=date(2018, 9, 20))
    assert state(made) == "open"
    disputes.answer(dispute=invoice.disputes.get(), text="You did", tell=False, now=NOW, actor=None)
    promises.decide(day=date(2018, 9, 20))
    assert state(made) == "broken"


def test_one_promise_is_open_at_a_time_and_a_withdrawn_one_makes_room():
    bob, thabo = owing(), make_person("Thabo")
    first = promise(bob)
    with pytest.raises(DomainError, match="open already"):
        promise(bob, "200.00")

    promises.withdraw(promise=first, reason="Agreed on something else", now=NOW, actor=thabo)
    assert (state(first), DebtorNote.objects.get().author) == ("withdrawn", thabo)
    assert "Agreed on something else" in DebtorNote.objects.get().text
    with pytest.raises(DomainError, match="withdrawn already"):
        promises.withdraw(promise=first, reason="Again", now=NOW, actor=thabo)
    assert promise(bob, "200.00").state == "open"


@pytest.mark.parametrize(
    ("amount", "by_day", "no"),
    [
        ("0.00", FRIDAY, "above zero"),
        ("454.00", TODAY - timedelta(days=1), "today or one of the next"),
        ("454.00", TODAY + timedelta(days=120), "today or one of the next"),
    ],
)
def test_a_promise_is_of_something_and_soon(amount, by_day, no):
    with pytest.raises(DomainError, match=no):
        promise(owing(), amount, by_day)


def test_nobody_promises_what_is_not_owed():
    with pytest.raises(DomainError, match="Nothing is owed"):
        promise(make_customer("Alice Liddel", "ALI001"))


def test_the_database_lets_no_promise_be_reworded_or_decided_twice():
    made = promise(owing())
    promises.withdraw(promise=made, reason="Slip", now=NOW, actor=None)
    for changed in ({"state": "kept"}, {"amount": Decimal("1.00")}):
        with pytest.raises(IntegrityError, match="decided once and never reworded"), transaction.atomic():
            Promise.objects.filter(pk=made.pk).update(**changed)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_take_down_one_promise():
    bob = owing()

    def take() -> str:
        try:
            promise(bob)
            return "taken"
        except DomainError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        done = sorted(both.submit(take).result() for _ in range(2))
        assert done == ["refused", "taken"]
    assert Promise.objects.filter(state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_decide_once():
    made = promise(owing())

    def decide() -> int:
        try:
            return promises.decide(day=date(2018, 9, 3))["broken"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(one.result() for one in [both.submit(decide) for _ in range(2)]) == [0, 1]
    assert state(made) == "broken"


def test_deciding_many_takes_as_many_questions_as_one(django_assert_max_num_queries):
    for number in range(12):
        promise(owing(f"Bob {number}", f"BOB{number:03}"))
    with django_assert_max_num_queries(8):
        assert promises.decide(day=date(2018, 9, 3))["broken"] == 12


AMOUNTS = st.decimals(min_value=0, max_value=2000, places=2)


@given(AMOUNTS.filter(bool), AMOUNTS, AMOUNTS, AMOUNTS, st.integers(-5, 30))
def test_a_promise_is_broken_only_when_it_is_over_and_money_is_missing(amount, came, owed, free, days):
    since = promising.Since(came, owed, min(owed, free))
    told = promising.decided(amount, FRIDAY, since, FRIDAY + timedelta(days=days))

    assert (told == "kept") == (came >= amount or owed == 0)
    if told == "broken":
        assert days >= 4
        assert came < amount
        assert since.undisputed > 0
    later = promising.decided(amount, FRIDAY, since, FRIDAY + timedelta(days=days + 10))
    assert told == "open" or later == told
    more = promising.decided(
        amount, FRIDAY, since._replace(came=came + amount), FRIDAY + timedelta(days=days)
    )
    assert more == "kept"


def test_the_job_decides_and_says_so():
    promise(owing())
    said = jobs["promises"].task(datetime(2018, 9, 3, 10, tzinfo=UTC))
    assert said == "0 promises kept, 1 broken."


def test_a_promise_is_taken_down_on_the_profile_and_shown_at_its_head():
    bob = make_customer("Bob Baker", "BOB001")
    make_invoice(bob, "454.00", date(2018, 7, 1))
    rights = (
        "customers.view_customer",
        "billing.view_promise",
        "billing.add_promise",
        "billing.change_promise",
    )
    thabo = client_of(make_person("Thabo", *rights))
    day = local_day(datetime.now(UTC)) + timedelta(days=3)
    url = "/customers/BOB001/widgets/promises/"

    assert thabo.post(f"{url}add/", {"amount": "454", "by_day": day, "confirm": "on"}).status_code == 302
    assert f"Promises to pay R 454.00 by {day}" in thabo.get("/customers/BOB001/").content.decode()
    pk = bob.promises.get().pk
    assert thabo.post(f"{url}withdraw/{pk}/", {"reason": "Paid by the brother"}).status_code == 302
    assert "Withdrawn" in thabo.get(url).content.decode()


def test_dora_without_the_right_takes_none_down():
    owing()
    dora = client_of(make_person("Dora", "customers.view_customer", "billing.view_promise"))
    sent = {"amount": "454", "by_day": local_day(datetime.now(UTC)) + timedelta(days=3)}
    assert dora.post("/customers/BOB001/widgets/promises/add/", sent).status_code == 403
    assert not Promise.objects.exists()
