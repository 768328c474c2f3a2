"""Receipts read from the books over the wire: by window, all of them, and what goes wrong meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection

from billing.models import (
    BankAccount,
    BooksAccount,
    BooksConnection,
    BooksCustomer,
    BooksReading,
    BooksReceipt,
    BooksTaxType,
    Receipt,
    Reversal,
)
from billing.selectors import books_ageing as comparing
from billing.selectors import books_receipts as reading
from billing.selectors.statements import freshness, stamp
from billing.services import books_ageing, books_receipts
from billing.services.books import connecting
from customers.models import CustomerBalance
from herotill import clock
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.books.errors import Stopped
from herotill.integrations.sageone.standin import SageStandIn
from tests.factories.billing import make_invoice
from tests.factories.books import STARTS, connect
from tests.factories.customers import make_customer
from tests.house.workers import ROOT, workers

pytestmark = [pytest.mark.django_db, pytest.mark.money]
DAY = STARTS + timedelta(days=14)
READ = (
    "import django; django.setup(); from django.utils import timezone; from herotill import jobs;"
    " jobs.carry_out('books-receipts', now=timezone.now())"
)


@pytest.fixture
def alice(sage: SageStandIn):
    """Alice is linked, and the first bank account there is ours."""
    connect()
    customer = make_customer("Alice Liddel", "ALI001")
    BooksCustomer.objects.create(customer=customer, their_id=sage.add_customer("ALI001", "Alice Liddel"))
    books_receipts.look(books=connecting.books(), now=clock.stamp())
    ours = BankAccount.objects.create(name="Sage Pay", source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.filter(their_id="1").update(account=ours)
    return customer


def pay(sage, customer, amount="454.00", **more):
    return sage.add_receipt(customer.in_books.their_id, Decimal(amount), DAY, reference="ALI001 -", **more)


def read(*, whole=False, **offset):
    used = BooksConnection.objects.get()
    return books_receipts.read(
        books=connecting.books(),
        company=used.company_id,
        cut_over=STARTS,
        now=clock.stamp() + timedelta(**offset),
        whole=whole,
    )


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_what_is_new_and_what_changed_comes_by_window(sage, alice):
    first = pay(sage, alice)
    assert read().whole
    pay(sage, alice, "100.00")
    sage.change_receipt(first, Total=Decimal("450.00"))
    made = read()
    assert (made.whole, made.booked, made.answered) == (False, 2, 1)
    assert balance(alice) == Decimal("-550.00")


def test_what_was_deleted_the_next_night_finds(sage, alice):
    first = pay(sage, alice)
    pay(sage, alice, "100.00")
    read()
    sage.delete_receipt(first)
    assert read().gone == 0
    assert read(whole=True).gone == 1
    assert (balance(alice), Reversal.objects.count()) == (Decimal("-100.00"), 1)


def test_one_receipt_without_a_bank_account_or_payer_stops_nobody_elses(sage, alice):
    for missing in ("BankAccountId", "CustomerId", "Date"):
        sage.ledger.rows["CustomerReceipt"][int(pay(sage, alice))][missing] = None
    pay(sage, alice)
    made = read()
    assert (made.told, made.booked, made.waiting) == (4, 1, 3)
    assert BooksReceipt.objects.filter(state="waits", trouble__contains="does not say").count() == 3


def test_one_wrong_empty_answer_reverses_nothing_until_a_person_says_so(sage, alice):
    many = [pay(sage, alice, "10.00") for _ in range(30)]
    read()
    for one in many:
        sage.delete_receipt(one)
    with pytest.raises(DomainError, match="no longer shows 30 receipts"):
        read(whole=True)
    assert (balance(alice), Reversal.objects.count()) == (Decimal("-300.00"), 0)
    call_command("sync_sageone", full=True, also_many_deleted=True, stdout=StringIO())
    assert (balance(alice), Reversal.objects.count()) == (0, 30)


def test_a_reading_of_all_that_broke_off_goes_on_where_it_was(sage, alice):
    many = [pay(sage, alice, "10.00") for _ in range(130)]
    read()
    sage.delete_receipt(many[0])
    sage.between.append(lambda: sage.misbehave(*["500"] * 9))
    with pytest.raises(IntegrationError):
        read(whole=True)
    sage.behave()
    assert (Reversal.objects.count(), BooksReading.objects.first().missing) == (0, [many[0]])
    sage.delete_receipt(many[129])
    made = read(whole=True)
    assert (made.told, made.gone, balance(alice)) == (28, 2, Decimal("-1280.00"))
    assert read(whole=True).told == 128


def test_a_day_without_a_reading_fails_the_job(sage, alice):
    pay(sage, alice)
    read()
    sage.misbehave("429")
    assert books_receipts.by_the_hour(clock.stamp()).endswith("It goes on then.")
    with pytest.raises(Stopped):
        books_receipts.by_the_hour(clock.stamp() + timedelta(hours=25))
    connecting.books().limits.forget()


def test_a_stamp_in_the_future_does_not_blind_the_next_windows(sage, alice):
    sage.skew = timedelta(days=2)
    pay(sage, alice)
    made = read()
    assert made.upto <= made.finished_at
    sage.skew = timedelta(0)
    pay(sage, alice, "100.00")
    assert read().booked == 1
    BooksReading.objects.update(upto=clock.stamp() + timedelta(days=9))
    pay(sage, alice, "50.00")
    assert read().booked == 1


def test_pages_that_shift_while_they_are_read_delete_nothing(sage, alice):
    many = [pay(sage, alice, "10.00") for _ in range(230)]
    read()
    for gone in many[:3]:
        sage.between.append(lambda gone=gone: sage.delete_receipt(gone))
    read(whole=True)
    read(whole=True)
    assert BooksReceipt.objects.filter(state="gone").count() == 3
    assert balance(alice) == Decimal("-2270.00")


@pytest.mark.parametrize("fault", ["500", "html", "drop", "429"])
def test_trouble_in_the_middle_keeps_what_was_told_and_the_next_reading_goes_on(sage, alice, fault):
    for _ in range(130):
        pay(sage, alice, "10.00")
    sage.between.append(lambda: sage.misbehave(*[fault] * 9))
    with pytest.raises(IntegrationError):
        read()
    assert BooksReading.objects.get().trouble
    assert Receipt.objects.count() == 100
    sage.faults.clear()
    sage.blocked_until = None
    connecting.books().limits.forget()
    read()
    assert (Receipt.objects.count(), balance(alice)) == (130, Decimal("-1300.00"))


def test_a_clock_that_is_wrong_there_hides_nothing(sage, alice):
    sage.skew = timedelta(days=-3)
    pay(sage, alice)
    read()
    pay(sage, alice, "100.00")
    assert read().booked == 1
    sage.skew = timedelta(days=2)
    pay(sage, alice, "50.00")
    read()
    sage.skew = timedelta(0)
    pay(sage, alice, "1.00")
    read(whole=True)
    assert balance(alice) == Decimal("-605.00")


@pytest.mark.django_db(transaction=True)
def test_one_reads_at_a_time(sage, alice):
    pay(sage, alice)
    said = []

    def other():
        try:
            said.append(books_receipts.by_the_hour(clock.stamp()))
        finally:
            connection.close()

    def at_the_same_time():
        one = Thread(target=other)
        one.start()
        one.join()

    sage.between.append(at_the_same_time)
    read()
    assert said == ["Its receipts are being read at this moment."]
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_program_killed_while_it_reads_and_the_next_one_book_each_receipt_once(sage, alice, tmp_path):
    many = 2_150  # so that some are booked already, and the others are not
    for _ in range(many):
        pay(sage, alice, "1.00")
    with workers(tmp_path) as house:
        house.environment |= {"SAGEONE_URL": sage.url, "OUTBOUND_ALLOW": "127.0.0.1"}
        house.environment |= dict.fromkeys(
            ("SAGEONE_SECONDS_APART", "SAGEONE_A_MINUTE", "SAGEONE_A_DAY"), "0"
        )
        running: list[subprocess.Popen[bytes]] = []

        def kill():
            running[0].kill()
            running[0].wait()

        sage.between.extend([lambda: None] * 20)
        sage.between.append(kill)
        running.append(subprocess.Popen([sys.executable, "-c", READ], cwd=ROOT, env=house.environment))
        house.wait(lambda: running[0].poll() is not None)
        assert running[0].returncode == -signal.SIGKILL
        assert (Receipt.objects.count(), BooksReading.objects.get().finished_at) == (2_000, None)
        house.call(READ)
    assert (Receipt.objects.count(), balance(alice)) == (many, Decimal(-many))
    assert BooksReceipt.objects.filter(state="booked").count() == many


def test_the_jobs_do_nothing_while_it_is_off_and_say_what_they_did(sage, alice):
    pay(sage, alice)
    now = clock.stamp()
    assert books_receipts.by_the_hour(now) == "1 receipts told, 1 booked."
    assert books_receipts.every_night(now) == "1 receipts told, 0 booked."
    assert BooksTaxType.objects.exists()
    assert reading.heard_at() is not None
    assert "Sage Pay: payments, taken in" in stamp(now, freshness())
    BooksConnection.objects.update(is_on=False)
    assert books_receipts.by_the_hour(now) == "SageOne is not in use."


@pytest.mark.parametrize("from_due", [False, True])
def test_debtors_are_asked_for_as_the_company_counts_ages(sage, alice, from_due):
    sage.ledger.company["AgeingBasedOnDueDate"] = from_due
    books_ageing.take(books=connecting.books(), as_at=DAY, actor=None, now=clock.stamp())
    assert sage.asked("CustomerAgeing/GetSummary")[0]["BasedOnDueDate"] is from_due


def test_who_was_forgotten_here_is_not_named_again(sage, alice):
    pay(sage, alice)
    type(alice).objects.filter(pk=alice.pk).update(surname="Former", anonymised_on=DAY)
    asked = books_ageing.take(books=connecting.books(), as_at=DAY, actor=None, now=clock.stamp())
    assert [(one.name, one.current) for one in asked.rows.all()] == [("•••", Decimal("-454.00"))]


def test_our_debtors_beside_theirs(sage, alice):
    bob, carol = make_customer("Bob Cratchit", "BOB001"), sage.add_customer("CAR001", "Carol")
    make_invoice(bob, "200.00", DAY)
    pay(sage, alice)
    sage.add_receipt(carol, Decimal("70.00"), DAY)
    read()
    asked = books_ageing.take(books=connecting.books(), as_at=DAY, actor=None, now=clock.stamp())
    found = comparing.beside(asked)
    assert (found.theirs.total, found.ours.total) == (Decimal("-524.00"), Decimal("-254.00"))
    assert [(one.code, one.name, one.difference) for one in found.differences] == [
        ("BOB001", "Bob Cratchit", Decimal("200.00")),
        ("", "Carol", Decimal("70.00")),
    ]
