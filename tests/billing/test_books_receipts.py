"""Receipts that the books kept elsewhere tell of: booked once, by one rule, and answered when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from billing.models import (
    AccountingPeriod,
    BankAccount,
    BooksAccount,
    BooksConnection,
    BooksCustomer,
    BooksReceipt,
    Receipt,
    Reversal,
)
from billing.services import blanking, books_receipts, moving
from billing.services.books_receipts import booking
from customers.models import CustomerBalance
from herotill.errors import DomainError
from herotill.integrations import books as port
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]
CUT_OVER = date(2018, 8, 1)
COMPANY = "77"
DAY = date(2018, 8, 15)


@pytest.fixture
def alice():
    return linked("Alice Liddel", "ALI001", "501")


@pytest.fixture
def sage_pay():
    """An account that has the books for its source."""
    return ours("Sage Pay", BankAccount.Source.ACCOUNTING, "9")


def linked(name, code, their_id):
    customer = make_customer(name, code)
    BooksCustomer.objects.create(customer=customer, their_id=their_id)
    return customer


def ours(name, source, their_id, **more):
    account = BankAccount.objects.create(name=name, source=source)
    BooksAccount.objects.create(company=COMPANY, their_id=their_id, name=name, account=account, **more)
    return account


def told(id="1", amount="454.00", day=DAY, customer="501", account="9", **more):
    return port.Receipt(
        id=id,
        customer_id=customer,
        bank_account_id=account,
        day=day,
        amount=Decimal(amount),
        **({"reference": "ALI001 -"} | more),
    )


def take(*receipts):
    return books_receipts.take(told=receipts, company=COMPANY, cut_over=CUT_OVER)


def row(id="1"):
    return BooksReceipt.objects.get(their_id=id)


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_alices_receipt_is_booked_once_however_often_it_is_told(alice, sage_pay):
    invoice = make_invoice(alice)
    assert take(told()).booked == 1
    assert take(told(), told()).booked == 0

    made = Receipt.objects.get()
    assert (made.customer, made.account, made.amount, made.reference) == (
        alice,
        sage_pay,
        Decimal("454.00"),
        "ALI001 -",
    )
    assert (balance(alice), row().state, row().receipt) == (0, "booked", made)
    assert not invoice.open_items.exists()


def test_what_changes_there_is_answered_and_booked_anew(alice, sage_pay):
    bob = linked("Bob Cratchit", "BOB001", "502")
    take(told())
    assert take(told(amount="400.00")).answered == 1
    assert (balance(alice), Receipt.objects.count(), Reversal.objects.count()) == (Decimal("-400.00"), 2, 1)

    take(told(amount="400.00", customer="502"))
    assert (balance(alice), balance(bob)) == (0, Decimal("-400.00"))
    assert row().receipt.customer == bob
    sources = Receipt.objects.order_by("pk").values_list("source_reference", flat=True)
    assert list(sources) == ["books-77-1/1", "books-77-1/2", "books-77-1/3"]


def test_other_money_is_booked_though_they_say_that_nothing_changed(alice, sage_pay):
    at = datetime(2018, 8, 16, tzinfo=UTC)
    take(told(changed=at))
    assert take(told(amount="90.00", changed=at)).answered == 1
    assert balance(alice) == Decimal("-90.00")


def test_words_that_were_blanked_by_law_do_not_come_back_of_themselves(alice, sage_pay):
    at = datetime(2018, 8, 16, tzinfo=UTC)
    take(told(changed=at))
    with connection.cursor() as cursor:
        cursor.execute(blanking.BOOKS[0], [[alice.pk]])
    assert row().reference == ""
    take(told(changed=at))
    assert row().reference == ""


def test_other_words_book_nothing(alice, sage_pay):
    take(told())
    take(told(reference="ALI001 Aug", changed=datetime(2018, 8, 16, tzinfo=UTC)))
    assert (Receipt.objects.count(), row().reference) == (1, "ALI001 Aug")


def test_what_is_deleted_there_is_reversed_and_booked_anew_when_it_is_there_again(alice, sage_pay):
    take(told())
    assert books_receipts.gone(their_ids=["1"], company=COMPANY) == 1
    assert books_receipts.gone(their_ids=["1"], company=COMPANY) == 0
    assert (balance(alice), row().state, row().receipt) == (0, "gone", None)
    assert Reversal.objects.get().reason == "Deleted in SageOne"
    take(told())
    assert (balance(alice), row().state) == (Decimal("-454.00"), "booked")


def test_one_source_an_account_what_debit_orders_bring_is_only_confirmed(alice):
    debit_orders = ours("Debit orders", BankAccount.Source.BATCH, "10")
    take(told(account="10"))
    assert (row().state, Receipt.objects.count()) == ("confirms", 0)

    debit_orders.source = BankAccount.Source.ACCOUNTING
    debit_orders.save()
    take(told(account="10", reference="later"))
    assert (row().state, Receipt.objects.count()) == ("confirms", 0)
    take(told("2", account="10"))
    assert row("2").state == "booked"


def test_what_was_booked_follows_the_books_when_the_source_is_changed_later(alice, sage_pay):
    take(told())
    sage_pay.source = BankAccount.Source.STATEMENT
    sage_pay.save()
    take(told(amount="450.00"))
    assert (balance(alice), row().state) == (Decimal("-450.00"), "booked")
    take(told("2"))
    assert row("2").state == "confirms"


def test_s16_nothing_before_the_cut_over_is_booked(alice, sage_pay):
    BooksAccount.objects.update(starts_on=date(2018, 8, 10))
    take(told("1", day=date(2018, 7, 31)), told("2", day=date(2018, 8, 9)), told("3", day=date(2018, 8, 10)))
    assert [row(id).state for id in "123"] == ["early", "early", "booked"]
    take(told("3", day=date(2018, 7, 31)))
    assert (row("3").state, balance(alice)) == ("early", 0)


def test_an_unknown_customer_and_account_wait_until_somebody_says(alice, sage_pay):
    take(told("1", customer="999"), told("2", account="99"), told("3", amount="-10.00"))
    assert [row(id).state for id in "123"] == ["waits"] * 3
    assert not Receipt.objects.exists()

    carol = linked("Carol", "CAR001", "999")
    ours("Cash", BankAccount.Source.ACCOUNTING, "99")
    again = books_receipts.take_again(company=COMPANY, cut_over=CUT_OVER)
    assert (again.booked, row("3").trouble) == (2, "It brought no money in.")
    assert (balance(carol), balance(alice)) == (Decimal("-454.00"), Decimal("-454.00"))


def test_a_person_says_whose_it_is_or_leaves_it_out(alice, sage_pay):
    connect()
    greta = make_person("Greta")
    take(told("1", customer="999"), told("2", customer="999"))
    books_receipts.give(row=row("1"), customer=alice, actor=greta)
    assert (row("1").state, row("1").decided_by, balance(alice)) == ("booked", greta, Decimal("-454.00"))
    with pytest.raises(DomainError, match="dealt with"):
        books_receipts.give(row=row("1"), customer=alice, actor=greta)

    with pytest.raises(DomainError, match="Say why"):
        books_receipts.leave(row=row("2"), why=" ", actor=greta)
    books_receipts.leave(row=row("2"), why="Booked by hand", actor=greta)
    take(told("2", customer="999"))
    assert row("2").state == "left"
    take(told("2", customer="501"))
    assert (row("2").state, row("2").trouble[:15]) == ("waits", "It was left out")


def connect():
    return BooksConnection.objects.update_or_create(
        only=True,
        defaults={
            "is_on": True,
            "company_id": COMPANY,
            "user": "books@karoo.example",
            "password": "pw",
            "api_key": "{key}",
            "sales_account": "1",
            "starts_on": CUT_OVER,
        },
    )[0]


def test_what_was_moved_here_is_answered_where_it_went(alice, sage_pay):
    bob = make_customer("Bob Cratchit", "BOB001")
    take(told())
    moving.move(receipt=row().receipt, to=bob, reason="Bob's", day=DAY, actor=make_person("Greta"))
    take(told())
    assert (balance(alice), balance(bob)) == (0, Decimal("-454.00"))
    books_receipts.gone(their_ids=["1"], company=COMPANY)
    assert (balance(alice), balance(bob)) == (0, 0)


def test_what_is_in_a_closed_month_is_answered_on_the_first_open_day(alice, sage_pay):
    take(told())
    AccountingPeriod.objects.create(month=date(2018, 8, 1), closed_at=datetime(2018, 9, 2, tzinfo=UTC))
    take(told(amount="400.00"), told("2"))
    assert Reversal.objects.get().reversed_on == date(2018, 9, 1)
    assert balance(alice) == Decimal("-854.00")


def test_a_hundred_cost_as_few_questions_as_ten(alice, sage_pay, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        take(*(told(str(n)) for n in range(10)))
    with django_assert_max_num_queries(25):
        take(*(told(str(n)) for n in range(100, 200)))


def test_a_kill_between_two_batches_loses_nothing_and_doubles_nothing(alice, sage_pay, monkeypatch):
    many = [told(str(n)) for n in range(6)]
    take(*many[:3])

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(booking, "_write_rows", killed)
    with pytest.raises(KeyboardInterrupt):
        take(*many)
    assert Receipt.objects.count() == 3
    monkeypatch.undo()
    take(*(replace(one, reference="again") for one in many))
    assert (Receipt.objects.count(), balance(alice)) == (6, Decimal("-2724.00"))
