"""What people say of bank rows, and signing days off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.models import Alias, BankAccount, BankRow, Receipt, Reconciliation
from billing.selectors import bank
from billing.services import bank_rows, receipts, reconciling
from customers.models import CustomerBalance
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account, import_statement, statement_of
from tests.factories.billing import make_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


@pytest.fixture
def greta():
    return make_person("Greta")


@pytest.fixture
def carol():
    return make_customer("Carol White", "CAR001")


def row_of(text, amount="454.00", **fields):
    import_statement(bank_account(**fields), statement_of(("2018-08-15", text, amount)))
    return BankRow.objects.select_related("account").get(text=text)


def pays(row, customer, amount="454.00"):
    return [bank_rows.Part(customer.pk, Decimal(amount))]


def test_carol_pays_under_her_name_and_is_suggested_next_time(carol, greta):
    row = row_of("PAYSHAP C WHITE")
    assert [(one.customer, one.score < 100) for one in bank.payers(row)] == [(carol, True)]
    bank_rows.book(row=row, parts=pays(row, carol), actor=greta, now=NOW)
    assert balance(carol) == Decimal("-454.00")
    assert Alias.objects.get().customer == carol
    import_statement(bank_account(), statement_of(("2018-09-15", "PAYSHAP C WHITE", "454.00")))
    assert balance(carol) == Decimal("-454.00")  # learned words suggest, they never post
    again = BankRow.objects.get(day=date(2018, 9, 15))
    assert bank.payers(again)[0].reasons[0] == "paid with these words before"
    with pytest.raises(DomainError, match="Somebody has said"):
        bank_rows.book(row=row, parts=pays(row, carol), actor=greta, now=NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CAR 001", "code CAR001, written apart"),
        ("ACR001 PMT", "code CAR001 with two letters changed over"),
        ("CAR01 PMT", "code CAR001 with one letter wrong"),
        ("CAROL WHITE RENT", "name"),
        ("INV 00001 THANKS", "names invoice INV00001"),
        ("NOBODY", "owes just this: INV00001"),
    ],
)
def test_who_may_have_paid_is_suggested_with_a_reason(carol, text, reason):
    make_invoice(carol, "454.00", date(2018, 8, 1))
    (found,) = bank.payers(row_of(text))
    assert (found.customer, reason in found.reasons) == (carol, True)


def test_a_row_is_split_and_the_parts_are_the_whole(carol, greta):
    bob, row = make_customer("Bob Hatter", "BOB001"), row_of("SCHOOL FUND")
    parts = [bank_rows.Part(carol.pk, Decimal(400)), bank_rows.Part(bob.pk, Decimal(53))]
    with pytest.raises(DomainError, match=r"come to R 453.00, the row brought R 454.00"):
        bank_rows.book(row=row, parts=parts, actor=greta, now=NOW)
    parts[1] = bank_rows.Part(bob.pk, Decimal(54))
    bank_rows.book(row=row, parts=parts, actor=greta, now=NOW)
    assert (balance(carol), balance(bob)) == (Decimal(-400), Decimal(-54))
    assert {(one.source_reference, one.part) for one in Receipt.objects.all()} == {
        (f"bank-{row.pk}", 0),
        (f"bank-{row.pk}", 1),
    }


def test_what_was_said_is_undone_and_said_anew(carol, greta):
    bob, row = make_customer("Bob Hatter", "BOB001"), row_of("WHO KNOWS")
    bank_rows.book(row=row, parts=pays(row, carol), actor=greta, now=NOW)
    bank_rows.undo(row=row, actor=greta, now=NOW)
    assert balance(carol) == 0
    bank_rows.book(row=row, parts=pays(row, bob), actor=greta, now=NOW)
    assert (balance(carol), balance(bob)) == (0, Decimal("-454.00"))
    with pytest.raises(DomainError, match="Its receipt was reversed"):
        receipts.reverse(
            receipt=Receipt.objects.get(customer=bob), day=date(2018, 9, 2), reason="Recall", actor=greta
        )
        bank_rows.undo(row=row, actor=greta, now=NOW)


def test_a_fee_is_named_and_something_else_says_what(greta):
    fee, other = row_of("#SERVICE FEE", "-65.00"), row_of("INTEREST", "5.00")
    assert bank.kind_of(fee) == "fee"
    bank_rows.name(row=fee, kind="fee", actor=greta, now=NOW)
    with pytest.raises(DomainError, match="Say what it is"):
        bank_rows.name(row=other, kind="other", actor=greta, now=NOW)
    bank_rows.name(row=other, kind="other", named="Interest", actor=greta, now=NOW)
    assert not bank.unmatched().exists()
    assert not Receipt.objects.exists()


def test_a_row_of_money_out_takes_a_receipt_back(carol, greta):
    import_statement(bank_account(), statement_of(("2018-08-15", "CAR001", "454.00")))
    row = row_of("UNPAID CAR001", "-454.00")
    (receipt,) = bank.receipts_taken_back(row)
    bank_rows.bounce(row=row, receipt=receipt, actor=greta, now=NOW, code="02")
    assert balance(carol) == 0
    assert Receipt.objects.get().reversal.code == "02"
    assert BankRow.objects.get(pk=row.pk).kind == "reversal"


def test_an_account_with_another_source_books_nothing_from_its_statement(carol, greta):
    row = row_of("C WHITE", source=BankAccount.Source.GATEWAY)
    with pytest.raises(DomainError, match="only confirms"):
        bank_rows.book(row=row, parts=pays(row, carol), actor=greta, now=NOW)
    booked = receipts.capture(
        receipt=receipts.NewReceipt(carol.pk, row.account_id, date(2018, 8, 14), row.amount, "pf-1"),
        actor=None,
    )
    bank_rows.confirm(row=row, receipt=booked, actor=greta, now=NOW)
    assert BankRow.objects.get(pk=row.pk).confirms == booked
    assert Receipt.objects.count() == 1


def test_s26_days_are_signed_off_where_all_adds_up_and_has_a_name(carol, greta):
    account = bank_account()
    import_statement(
        account, statement_of(("2018-08-15", "CAR001", "454.00"), ("2018-08-20", "FEE", "-65.00"))
    )
    days = {"account": account, "first": date(2018, 8, 1), "last": date(2018, 8, 31)}
    sums = {"opening": Decimal(1000), "closing": Decimal(1389), "actor": greta, "now": NOW}
    with pytest.raises(DomainError, match="1 rows of these days are unmatched"):
        reconciling.sign(**days, **sums)
    bank_rows.name(row=BankRow.objects.get(text="FEE"), kind="fee", actor=greta, now=NOW)
    with pytest.raises(DomainError, match=r"R 1.00 is missing"):
        reconciling.sign(**days, **sums | {"closing": Decimal(1390)})
    signed = reconciling.sign(**days, **sums)
    assert (signed.moved, signed.rows) == (Decimal(389), 2)

    _, run = import_statement(account, statement_of(("2018-08-21", "LATE", "5.00")))
    assert run.state == "failed"
    assert "signed off for this account; they take no more rows" in run.error
    with pytest.raises(DomainError, match="open them again first"):
        bank_rows.undo(row=BankRow.objects.get(text="CAR001"), actor=greta, now=NOW)
    assert balance(carol) == Decimal("-454.00")
    september = {"first": date(2018, 9, 1), "last": date(2018, 9, 30)}
    with pytest.raises(DomainError, match="does not follow on"):
        reconciling.sign(
            account=account, **september, **sums | {"opening": Decimal(1), "closing": Decimal(1)}
        )
    with pytest.raises(IntegrityError, match="opened again, never changed"), transaction.atomic():
        Reconciliation.objects.update(closing=5, opening=-384)

    reconciling.open_again(reconciliation=signed, reason="A row came late", actor=greta, now=NOW)
    import_statement(account, statement_of(("2018-08-21", "LATE", "5.00")))
    assert BankRow.objects.filter(account=account).count() == 3
