"""Statements as banks write them: amounts, days, layouts, whose money, which rows are new."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.policies import matching
from billing.policies.bank_cells import read_amount, read_day
from billing.policies.counting import Row, is_chain, new_rows
from billing.policies.statements import Cells, Ends, Reading, delimiter_of, find_layout
from herotill.money import rand


def read(text: str):
    lines = text.strip("\n").splitlines()
    mark = delimiter_of(lines)
    cells = [Cells(number, line.split(mark)) for number, line in enumerate(lines, start=1)]
    found = find_layout(cells)
    assert found
    reading = Reading(*found)
    return reading, list(reading.entries(cells))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("454", "454"),
        ("R 1 234,56", "1234.56"),
        ("1 234.56", "1234.56"),
        ("1,234,567.89", "1234567.89"),
        ("1.234,56", "1234.56"),
        ("1,234", "1234"),
        ("-454.00", "-454"),
        ("454.00-", "-454"),
        ("(454.00)", "-454"),
        ("R-454,5", "-454.50"),
        ("454.00 Cr", "454"),
        ("454.00Dr", "-454"),
        ("+ R 0.10", "0.10"),
        ("−R\xa01\xa0000,00", "-1000"),
        (".50", "0.50"),
    ],
)
def test_an_amount_is_read_however_a_bank_writes_it(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "R", "--5", "(5", "5)", "1,23,4", "12 34", "5.123", "1e5", "NaN", "-5 Dr", "1" * 15]
)
def test_what_is_no_amount_is_none(text):
    assert read_amount(text) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_written_by_us_is_read_back(amount):
    assert read_amount(rand(amount)) == amount
    assert read_amount(f"{amount:.2f}".replace(".", ",")) == amount


@given(st.text(max_size=30))
def test_no_cell_makes_the_reader_stumble(text):
    for value in (read_amount(text), read_day(text)):
        assert value is None or isinstance(value, (Decimal, date))


@pytest.mark.parametrize(
    "text",
    [
        "2018-08-15",
        "2018/08/15",
        "20180815",
        "15/08/2018",
        "15-08-2018",
        "15/08/18",
        "15 Aug 2018",
        "15Aug2018",
        "15 August 2018",
        "2018-08-15 09:12:44",
        "2018-08-15T09:12",
    ],
)
def test_a_day_is_read_however_a_bank_writes_it(text):
    assert read_day(text) == date(2018, 8, 15)


@pytest.mark.parametrize("text", ["", "31/02/2018", "2018-13-01", "Total", "08/15/2018", "1234"])
def test_what_is_no_day_is_none(text):
    assert read_day(text) is None


FNB = """
ACCOUNT TRANSACTION HISTORY

Name:,WONDERLAND WIRELESS
Account:,62000000001,[Business Cheque]

Date,Amount,Balance,Description
2018/08/15,454.00,1454.00,ABE001 -
2018/08/16,-65.00,1389.00,#MONTHLY ACCOUNT FEE
"""
STANDARD = """
ALL,0,,1000.00,OPEN,,,
ACC-NO,010000000,BUSINESS,,,,,
HIST,20180815,##,454.00,CREDIT TRANSFER,ABE001,1234,0
HIST,20180816,##,-65.00,SERVICE FEE,,1234,0
ALL,0,,1389.00,CLOSE,,,
"""
NEDBANK = """
Statement Enquiry :,
Account Number :,1000000001
Account Description :,CURRENT
15Aug2018,ABE001 -,454.00,1454.00
16Aug2018,SERVICE FEE,-65.00,1389.00
"""
ABSA = """
Account;Date;Description;Amount;Balance
4000000001;15/08/2018;ABE001 -;454,00;1 454,00
4000000001;16/08/2018;SERVICE FEE;-65,00;1 389,00
"""
DEBIT_CREDIT = """
Transaction Date;Details;Their Reference;Debit;Credit;Balance
15/08/2018;DIGITAL PAYMENT;ABE001 -;;R 454,00;R 1 454,00
16/08/2018;SERVICE FEE;;R 65,00;;R 1 389,00
"""


@pytest.mark.parametrize("text", [FNB, STANDARD, NEDBANK, ABSA, DEBIT_CREDIT])
def test_the_downloads_of_the_banks_are_understood(text):
    reading, (paid, fee) = read(text)
    assert (paid.day, paid.amount) == (date(2018, 8, 15), Decimal("454.00"))
    assert "ABE001" in paid.text
    assert (fee.day, fee.amount) == (date(2018, 8, 16), Decimal("-65.00"))
    assert reading.unreadable == []
    ends = Ends()
    for entry in (paid, fee):
        ends.add(entry)
    opening = reading.opening if reading.opening is not None else ends.opening
    closing = reading.closing if reading.closing is not None else ends.closing
    assert (opening, closing) == (Decimal("1000.00"), Decimal("1389.00"))


def test_a_fee_that_capitec_puts_into_the_row_is_a_row_of_its_own():
    _, entries = read(
        "Nr,Account,Posting Date,Transaction Date,Description,Original Description,Money In,Money Out,Fee,Balance\n"
        "1,100,2018-08-15,2018-08-14,Payment Received,ABE001,454.00,,,1454.00\n"
        "2,100,2018-08-16,2018-08-16,Cash Deposit,CAR001,100.00,,-2.50,1551.50\n"
        "3,100,2018-08-17,2018-08-17,Monthly Fee,,,,-5.00,1546.50\n"
    )
    assert [(one.text, one.amount, one.balance) for one in entries] == [
        ("Payment Received ABE001", Decimal(454), Decimal(1454)),
        ("Cash Deposit CAR001", Decimal(100), Decimal(1554)),
        ("Cash Deposit CAR001 (fee)", Decimal("-2.50"), Decimal("1551.50")),
        ("Monthly Fee (fee)", Decimal(-5), Decimal("1546.50")),
    ]


def test_a_row_is_never_passed_over_in_silence():
    reading, entries = read(
        "Date,Amount,Description\n2018-08-15,454.00,OPEN BAR ABE001\nsome day,5.00,CAR001\n2018-08-15,five,DOR001\n"
    )
    assert [one.text for one in entries] == ["OPEN BAR ABE001"]
    assert reading.unreadable == [(3, "“some day” is no day."), (4, "There is no amount.")]


CODE = st.from_regex(r"[A-Z]{3}[0-9]{3}", fullmatch=True)


@given(CODE, st.sampled_from(["{}", "{} -", "REF:{}/AUG", "pmt {}", "EFT;{};X"]))
def test_a_code_in_the_reference_is_found_as_a_whole(code, shape):
    assert code in matching.codes_in(shape.format(code))
    assert code in matching.codes_in(shape.format(code).lower())
    assert code not in matching.codes_in(shape.format(f"{code}7"))


def test_words_and_plain_numbers_never_post_by_themselves():
    assert matching.codes_in("SMITH 2018 FNB 123456") == []


@given(CODE, st.data())
def test_one_slip_in_a_code_is_suggested_and_never_certain(code, data):
    slip = data.draw(st.sampled_from(sorted(set(matching.near(code)) - {code})))
    clues = matching.Clues(codes={code: 1})
    found = matching.suggest(f"PMT {slip} X", clues)
    assert found or len(slip) < 6
    assert all(0 < one.score < 100 and one.reasons for one in found)


def test_reasons_add_up_and_the_likeliest_stands_first():
    clues = matching.Clues(
        codes={"ABE001": 1}, invoices={"INV00699": 2}, names={3: "carol white"}, owing={2: "INV00699"}
    )
    found = matching.suggest("EBA001 INV00699 C WHITE", clues)
    assert [one.customer_id for one in found] == [2, 3]
    assert found[0].reasons == ("names invoice INV00699", "owes just this: INV00699")
    clues = matching.Clues(codes={"ABE001": 1})
    assert matching.suggest("BAE001", clues)[0].reasons == ("code ABE001 with two letters changed over",)
    assert matching.suggest("ABE 001", clues)[0].reasons == ("code ABE001, written apart",)


def test_a_payers_words_are_remembered_without_what_changes():
    assert matching.alias_key("PAYSHAP J. Smith-Jones 20180815") == "payshap j smith jones"
    assert matching.alias_key("INTERNET PAYMENT 123456") == ""


def test_what_is_nobodys_payment_is_named_by_its_words():
    assert matching.kind_of("#MONTHLY SERVICE FEE", Decimal(-65)) == "fee"
    assert matching.kind_of("Refund of fee", Decimal(65)) == ""
    assert matching.kind_of("UNPAID DEBIT ORDER ABE001", Decimal(-454)) == "reversal"
    assert matching.kind_of("ABE001", Decimal(454)) == ""


AMOUNT = st.sampled_from([Decimal(10), Decimal(20), Decimal(-10)])
DAY = st.lists(st.tuples(st.sampled_from(["ABE001", "BOB001"]), AMOUNT), max_size=8)


def with_balances(rows):
    balance, made = Decimal(100), []
    for text, amount in rows:
        balance += amount
        made.append(Row(text, amount, balance))
    return made


def taken(held, found):
    return [*held, *(found[place] for place in new_rows(held=held, found=found))]


@given(DAY, st.booleans())
def test_s26_the_same_day_twice_adds_nothing(rows, balances):
    day = with_balances(rows) if balances else [Row(*row) for row in rows]
    once = taken([], day)
    assert once == day
    assert taken(once, day) == once
    assert taken(once, list(reversed(day))) == once


@given(DAY, st.integers(0, 8))
def test_s26_a_day_that_grows_adds_what_is_beyond_the_number_held(rows, cut):
    for day in ([Row(*row) for row in rows], with_balances(rows)):
        assert sorted(taken(taken([], day[:cut]), day)) == sorted(day)
        assert sorted(taken(taken([], day), day[:cut])) == sorted(day)


@given(
    DAY.filter(
        lambda rows: len({sum(amount for _, amount in rows[:n]) for n in range(len(rows) + 1)}) > len(rows)
    ),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_s26_a_day_cut_anywhere_comes_out_whole_where_the_balances_tell(rows, cut, overlap):
    day = with_balances(rows)
    first, second = day[:cut], day[max(cut - overlap, 0) :]
    assert sorted(taken(taken([], first), second)) == sorted(day)
    assert sorted(taken(taken([], second), first)) == sorted(day)


def test_s26_a_bank_that_sorts_its_rows_anew_adds_nothing():
    before = with_balances([("ABE001", Decimal(50)), ("BOB001", Decimal(100))])
    after = with_balances([("BOB001", Decimal(100)), ("ABE001", Decimal(50))])
    assert new_rows(held=before, found=after) == []


def test_a_chain_hangs_together():
    assert is_chain(with_balances([("a", Decimal(10)), ("b", Decimal(-10)), ("c", Decimal(20))]))
    assert not is_chain([Row("a", Decimal(10), Decimal(10)), Row("b", Decimal(10), Decimal(50))])
    assert not is_chain([Row("a", Decimal(10))])
