"""What a person decided of a receipt in the books stays decided, whatever the books say afterwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.models import BankAccount, BooksAccount, BooksReceipt, Receipt
from billing.services import books_receipts, moving, receipts
from herotill.errors import DomainError
from herotill.integrations.books import NEVER
from tests.billing.test_books_receipts import (
    COMPANY,
    CUT_OVER,
    DAY,
    alice,
    balance,
    connect,
    linked,
    ours,
    row,
    sage_pay,
    take,
    told,
)
from tests.factories import make_customer, make_person

__all__ = ["alice", "sage_pay"]
pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def greta():
    return make_person("Greta")


def test_what_was_left_out_is_booked_only_once_a_person_gives_it(alice, sage_pay, greta):
    connect()
    take(told(customer="999"))
    books_receipts.leave(row=row(), why="Booked by hand", actor=greta)
    for _ in range(2):
        take(told(customer="501"))
        books_receipts.take_again(company=COMPANY, cut_over=CUT_OVER)
        assert (row().state, row().trouble[:15]) == ("waits", "It was left out")
    take(told(customer="501", amount="450.00"))
    assert not Receipt.objects.exists()

    books_receipts.give(row=row(), customer=alice, actor=greta)
    assert (row().state, balance(alice)) == ("booked", Decimal("-450.00"))
    take(told(customer="501", amount="440.00"))
    assert balance(alice) == Decimal("-440.00")


def test_what_was_left_out_and_deleted_there_is_not_booked_when_it_is_there_again(alice, sage_pay, greta):
    take(told(customer="999"))
    books_receipts.leave(row=row(), why="Booked by hand", actor=greta)
    books_receipts.gone(their_ids=["1"], company=COMPANY)
    take(told())
    assert (row().state, Receipt.objects.count()) == ("waits", 0)


def test_what_was_moved_here_stays_with_whom_it_went_to_until_the_payer_changes_there(alice, sage_pay, greta):
    bob, carol = make_customer("Bob Cratchit", "BOB001"), linked("Carol", "CAR001", "503")
    take(told())
    moving.move(receipt=row().receipt, to=bob, reason="Bob's", day=DAY, actor=greta)
    take(told(amount="400.00"))
    assert (balance(alice), balance(bob)) == (0, Decimal("-400.00"))
    take(told(amount="400.00", customer="503"))
    assert [balance(one) for one in (alice, bob, carol)] == [0, 0, Decimal("-400.00")]


def test_what_was_reversed_here_waits_when_it_changes_there(alice, sage_pay, greta):
    connect()
    take(told())
    receipts.reverse(receipt=row().receipt, day=DAY, reason="Not ours", actor=greta)
    take(told())
    assert balance(alice) == 0
    for _ in range(2):
        take(told(amount="400.00"))
        books_receipts.take_again(company=COMPANY, cut_over=CUT_OVER)
        assert (row().state, "was reversed here" in row().trouble, balance(alice)) == ("waits", True, 0)
    books_receipts.give(row=row(), customer=alice, actor=greta)
    assert balance(alice) == Decimal("-400.00")


def test_what_was_reversed_here_and_deleted_there_waits_when_it_is_there_again(alice, sage_pay, greta):
    take(told())
    receipts.reverse(receipt=row().receipt, day=DAY, reason="Not ours", actor=greta)
    books_receipts.gone(their_ids=["1"], company=COMPANY)
    take(told())
    assert (row().state, balance(alice)) == ("waits", 0)


def test_a_confirmation_stays_one_while_its_account_is_said_anew(alice):
    ours("Debit orders", BankAccount.Source.BATCH, "10")
    take(told(account="10"))
    assert (row().state, row().confirmed) == ("confirms", True)
    account = BankAccount.objects.get()
    BooksAccount.objects.update(account=None)
    take(told(account="10", amount="450.00"))
    assert row().state == "waits"
    BankAccount.objects.update(source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.update(account=account)
    books_receipts.take_again(company=COMPANY, cut_over=CUT_OVER)
    assert (row().state, Receipt.objects.count()) == ("confirms", 0)

    books_receipts.gone(their_ids=["1"], company=COMPANY)
    take(told(account="10", amount="450.00"))
    assert (row().state, Receipt.objects.count()) == ("confirms", 0)


@pytest.mark.parametrize(
    ("lacking", "why"),
    [({"customer": ""}, "whose it is"), ({"account": ""}, "which bank account"), ({"day": NEVER}, "its day")],
)
def test_what_the_books_tell_in_part_waits_by_name_and_takes_nothing_back(
    alice, sage_pay, greta, lacking, why
):
    connect()
    take(told("1"), told("2", **lacking), told("3"))
    assert [row(id).state for id in "123"] == ["booked", "waits", "booked"]
    assert why in row("2").trouble
    take(told("1", **lacking))
    assert (row("1").state, balance(alice)) == ("booked", Decimal("-908.00"))
    if "customer" in lacking:
        books_receipts.give(row=row("2"), customer=alice, actor=greta)
    else:
        take(told("2"))
    assert (BooksReceipt.objects.filter(state="booked").count(), balance(alice)) == (3, Decimal("-1362.00"))


def test_an_account_that_another_source_fed_counts_from_the_day_after(alice, greta):
    connect()
    account = BankAccount.objects.create(name="FNB", source=BankAccount.Source.STATEMENT)
    theirs = BooksAccount.objects.create(company=COMPANY, their_id="9", name="FNB")
    receipts.capture(
        receipt=receipts.NewReceipt(
            customer_id=alice.pk,
            account_id=account.pk,
            receipt_date=DAY,
            amount=Decimal("454.00"),
            source_reference="statement-1",
        ),
        actor=greta,
    )
    account.source = BankAccount.Source.ACCOUNTING
    account.save()
    for starts_on in (None, DAY):
        with pytest.raises(DomainError, match="up to 2018-08-15 are booked here already"):
            books_receipts.map_account(theirs=theirs, account=account, starts_on=starts_on)
    books_receipts.map_account(theirs=theirs, account=account, starts_on=date(2018, 8, 16))
    take(told(), told("2", day=date(2018, 8, 16)))
    assert ([row(id).state for id in "12"], balance(alice)) == (["early", "booked"], Decimal("-908.00"))
    books_receipts.map_account(theirs=theirs, account=account, starts_on=date(2018, 8, 16))
