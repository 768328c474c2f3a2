"""Statements taken in: what posts by itself, what waits, what is never taken twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import AccountingPeriod, BankAccount, BankRow, OpenItem, Receipt, StatementImport
from billing.services import bank_statements, receipts
from customers.models import CustomerBalance
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account, import_statement, rows_of, statement_of
from tests.factories.billing import make_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]

AUGUST = (
    ("2018-08-15", "ABE001 -", "454.00"),
    ("2018-08-15", "MAGTAPE CREDIT BOB 001", "300.00"),
    ("2018-08-16", "#SERVICE FEE", "-65.00"),
    ("2018-08-17", "abe001/caller", "10.00"),
)


@pytest.fixture
def abe():
    return make_customer("Abe Turtle", "ABE001")


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_s26_only_an_exact_code_posts_by_itself(abe):
    bob = make_customer("Bob Hatter", "BOB001")
    make_invoice(abe, "454.00", date(2018, 8, 1))
    account = bank_account()
    statement, run = import_statement(account, statement_of(*AUGUST))

    assert (run.state, run.error, run.counts["booked"]) == ("done", "", 2)
    assert rows_of(account) == [
        ("ABE001 -", "454.00", "receipt"),
        ("MAGTAPE CREDIT BOB 001", "300.00", "unmatched"),
        ("#SERVICE FEE", "-65.00", "unmatched"),
        ("abe001/caller", "10.00", "receipt"),
    ]
    assert (balance(abe), balance(bob)) == (Decimal("-10.00"), Decimal("0.00"))
    assert OpenItem.objects.get(customer=abe).open == Decimal("-10.00")
    assert {one.source_reference for one in Receipt.objects.all()} == {
        f"bank-{row.pk}" for row in BankRow.objects.filter(kind="receipt")
    }
    assert (statement.opening, statement.closing, statement.state) == (
        Decimal("1000.00"),
        Decimal("1699.00"),
        "done",
    )


def test_s26_two_codes_in_one_reference_post_to_nobody(abe):
    make_customer("Bob Hatter", "BOB001")
    account = bank_account()
    import_statement(account, statement_of(("2018-08-15", "ABE001 AND BOB001", "454.00")))
    assert rows_of(account) == [("ABE001 AND BOB001", "454.00", "unmatched")]
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("opening", ["1000.00", None])
def test_s26_the_same_file_twice_books_once(abe, opening):
    account = bank_account()
    rows = [("2018-08-15", "ABE001 -", "454.00")] * 2
    first, _ = import_statement(account, statement_of(*rows, opening=opening))
    again, _ = import_statement(account, statement_of(*rows, opening=opening))
    assert (first.added, first.known, again.added, again.known) == (2, 0, 0, 2)
    assert Receipt.objects.count() == 2
    assert balance(abe) == Decimal("-908.00")


ROW = st.tuples(
    st.sampled_from(["2018-08-14", "2018-08-15", "2018-08-16"]),
    st.sampled_from(["ABE001 -", "WHO KNOWS"]),
    st.sampled_from(["100.00", "454.00"]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=7), st.integers(0, 7), st.integers(0, 7), st.booleans())
def test_s26_halves_and_overlaps_come_to_the_same(abe, rows, first, second, balances):
    """Files of whole days in any order and overlap hold together what one file of all holds."""
    days = sorted(rows)
    opening = "0.00" if balances else None
    with transaction.atomic():
        whole, parts = bank_account("Whole"), bank_account("Parts")
        import_statement(whole, statement_of(*days, opening=opening))
        firsts = {row[0] for row in days[:first]}
        seconds = {row[0] for row in days[min(second, first) :]} | ({row[0] for row in days} - firsts)
        for wanted in (seconds, firsts, seconds):
            some = [row for row in days if row[0] in wanted]
            before = sum(Decimal(row[2]) for row in days if row[0] < min(wanted, default="")) if wanted else 0
            if some:
                import_statement(parts, statement_of(*some, opening=f"{before}" if balances else None))
        assert sorted(rows_of(parts)) == sorted(rows_of(whole))
        booked = {account: Receipt.objects.filter(account=account).count() for account in (whole, parts)}
        assert booked[whole] == booked[parts]
        transaction.set_rollback(True)


def test_s26_a_day_cut_in_two_between_equal_rows_comes_out_whole(abe):
    account = bank_account()
    day = [("2018-08-15", "ABE001 -", "454.00")] * 2
    import_statement(account, statement_of(day[0], opening="0.00"))
    import_statement(account, statement_of(day[1], opening="454.00"))
    assert Receipt.objects.count() == 2
    import_statement(account, statement_of(*day, opening="0.00"))
    assert Receipt.objects.count() == 2


def test_s26_the_database_books_a_row_once(abe):
    import_statement(bank_account(), statement_of(AUGUST[0]))
    row = BankRow.objects.get()
    again = bank_statements.receipt_of(row, abe.pk, row.day, part=1)
    with pytest.raises(DomainError, match="More is booked from a bank row than it brought"):
        receipts.capture(receipt=again, actor=None)
    with pytest.raises(DomainError, match="booked already"):
        receipts.capture(receipt=bank_statements.receipt_of(row, abe.pk, row.day), actor=None)
    assert balance(abe) == Decimal("-454.00")


def test_s26_what_the_bank_said_never_changes(abe):
    import_statement(bank_account(), statement_of(*AUGUST))
    row = BankRow.objects.filter(kind="receipt").first()
    for change in ({"amount": 5}, {"text": "x"}, {"day": date(2018, 8, 1)}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            BankRow.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError, match="reverse them first"), transaction.atomic():
        BankRow.objects.filter(pk=row.pk).update(kind="unmatched")
    assert BankRow.objects.get(pk=row.pk).text == "ABE001 -"


def test_s16_rows_before_the_cut_over_are_left_out(abe):
    account = bank_account(starts_on=date(2018, 8, 17))
    statement, run = import_statement(account, statement_of(*AUGUST))
    assert (statement.added, statement.early, run.counts["before_cut_over"]) == (1, 3, 3)
    assert balance(abe) == Decimal("-10.00")
    early = receipts.NewReceipt(abe.pk, account.pk, date(2018, 8, 16), Decimal(5), "by hand")
    with pytest.raises(DomainError, match="history of the old system"):
        receipts.capture(receipt=early, actor=None)


def test_s16_a_receipt_of_history_may_stand_before_the_cut_over(abe):
    account = bank_account(starts_on=date(2018, 8, 17))
    old = receipts.NewReceipt(abe.pk, account.pk, date(2018, 3, 15), Decimal(454), "old-1", before=True)
    assert receipts.capture(receipt=old, actor=None).before


def test_an_account_that_books_from_elsewhere_is_only_confirmed(abe):
    account = bank_account("Netcash", source=BankAccount.Source.BATCH)
    booked = receipts.capture(
        receipt=receipts.NewReceipt(abe.pk, account.pk, date(2018, 8, 14), Decimal("454.00"), "batch-7"),
        actor=None,
    )
    import_statement(account, statement_of(*AUGUST))
    row = BankRow.objects.get(text="ABE001 -")
    assert (row.kind, row.confirms) == ("receipt", booked)
    assert BankRow.objects.get(text="abe001/caller").kind == "unmatched"
    assert Receipt.objects.count() == 1


def test_money_of_a_closed_month_is_booked_on_the_first_open_day(abe):
    AccountingPeriod.objects.create(month=date(2018, 8, 1), closed_at="2018-09-05T08:00Z")
    import_statement(bank_account(), statement_of(AUGUST[0]))
    assert Receipt.objects.get().receipt_date == date(2018, 9, 1)


def test_an_unknown_layout_is_asked_for_once(abe):
    account = bank_account()
    data = b"What;When;How much\nABE001 -;2018-08-15;454.00\n"
    made = bank_statements.receive(account=account, name="odd.csv", data=data, actor=None)
    assert made.layout == {}
    layout = bank_statements.Layout("Own", "when", ("what",), amount="how much")
    bank_statements.take_in(statement=made, layout=layout, actor=None)
    assert Receipt.objects.count() == 1
    again = bank_statements.receive(account=account, name="odd.csv", data=data, actor=None)
    assert bank_statements.is_remembered(again)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04 nonsense"])
def test_what_is_no_statement_is_refused_in_words(data):
    with pytest.raises(DomainError):
        bank_statements.receive(account=bank_account(), name="x.csv", data=data, actor=None)
    assert not StatementImport.objects.exists()


def test_a_file_in_which_no_row_is_read_fails_in_words_and_may_be_mapped_anew(abe):
    made = bank_statements.receive(
        account=bank_account(), name="x.csv", data=b"Date;Description;Amount\nnever;ABE001;5\n", actor=None
    )
    run = bank_statements.take_in(statement=made, layout=bank_statements.Layout.of(made.layout), actor=None)
    assert (run.state, run.error) == ("failed", "No row of this file could be read in this layout.")
    made.refresh_from_db()
    assert made.state == "uploaded"


def test_a_statement_given_to_the_wrong_account_is_taken_back(abe):
    greta, account = make_person("Greta"), bank_account()
    make_invoice(abe, "454.00", date(2018, 8, 1))
    statement, _ = import_statement(account, statement_of(*AUGUST))
    taken = bank_statements.take_back(
        statement=statement, reason="Wrong account", actor=greta, now="2018-09-01T08:00Z"
    )
    assert (taken, balance(abe)) == (2, Decimal("454.00"))
    assert rows_of(account) == []
    import_statement(account, statement_of(*AUGUST))
    assert balance(abe) == Decimal("-10.00")


ROWS = [
    "Date;Description;Amount",
    "2018-08-15;ABE001 -;454.00",
    "2018-08-16;BOB;10.00",
    "2018-08-17;EVE;5.00",
]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (2, '2018-08-15;"ABE001 -;454.00'),
        (4, '2018-08-17;"EVE;5.00'),
        (2, '2018-08-15;"ABE001 -;454.00\n2018-08-15;BOB";1.00'),
        (2, '"2018-08-15";"ABE001 -\n"2018-08-15";"BOB";"1.00"'),
    ],
)
def test_a_quotation_mark_that_is_not_closed_takes_no_rows_away(abe, line, text):
    lines = [*ROWS[: line - 1], text, *ROWS[line:]]
    with pytest.raises(DomainError, match=f"The row on line {line} has a quotation mark too many"):
        bank_statements.receive(
            account=bank_account(), name="a.csv", data="\n".join(lines).encode(), actor=None
        )
    assert not StatementImport.objects.exists()


@pytest.mark.parametrize("text", ['"ABE001\nthe rest"', 'ABE001 5" pipe', '"ABE001 ""home"" ; x"'])
def test_quotation_marks_that_are_in_order_are_read(abe, text):
    lines = [ROWS[0], f"2018-08-15;{text};454.00", *ROWS[2:]]
    statement, _ = import_statement(bank_account(), "\n".join(lines).encode())
    assert (statement.added, statement.unreadable, Receipt.objects.count()) == (3, [], 1)


@pytest.mark.parametrize("day", ["9999-12-31", "2199-01-01", "1999-12-31", "1918-08-15"])
def test_a_row_of_another_age_is_refused_with_words(abe, day):
    lines = [*ROWS, f"{day};ABE001 -;454.00"]
    statement, _ = import_statement(bank_account(), "\n".join(lines).encode())
    assert (statement.added, statement.unreadable) == (3, [[5, f"{day} cannot be the day of a row here."]])
    assert Receipt.objects.get().receipt_date == date(2018, 8, 15)
