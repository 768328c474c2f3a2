"""Dates, amounts, statuses, postal codes and debit runs (mapping and rule 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.policies.importing.addresses import read_postal_code
from customers.policies.importing.runs import read_run
from customers.policies.importing.status import read_status
from herotill.imports.amounts import read_amount
from herotill.imports.dates import read_date


@pytest.mark.parametrize(
    "text", ["2018-03-06", "2018/03/06", "06-03-2018", "06/03/2018", "6/3/2018", "6-03-2018", "43165"]
)
def test_a_day_is_read_in_six_ways(text: str) -> None:
    assert read_date(text) == (date(2018, 3, 6), "")


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2019", "2019-02-30", "00/00/0000", "03/26/2018", "2018-03/26", "6/3-2018", "2018-3-6"),
        *("26.03.2018", "26 Mar 2018", "12/2018", "2018", "4318", "431850", "06/03/18", "0000-01-01"),
    ],
)
def test_no_real_day_is_told_and_left_empty(text: str) -> None:
    assert read_date(text) == (None, "bad_date")


def test_no_day_at_all_is_nothing_to_tell() -> None:
    assert read_date("") == (None, "")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1557", "1557.00"),
        ("12.5", "12.50"),
        ("12,34", "12.34"),
        ("1,234", "1234.00"),
        ("1,234,567.8", "1234567.80"),
        ("1 234 567,80", "1234567.80"),
        ("r\u00a01 234.50", "1234.50"),
        ("ZAR 5", "5.00"),
        ("-5", "-5.00"),
        ("- R 5", "-5.00"),
        ("R -5", "-5.00"),
        ("R5-", "-5.00"),
        ("5 cr", "-5.00"),
        ("(ZAR 5.00)", "-5.00"),
        ("5 DR", "5.00"),
        ("-0.00", "0.00"),
        ("(0)", "0.00"),
        ("007", "7.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_with_one_sign_is_read(text: str, amount: str) -> None:
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("-5 CR", "(-5)", "(5)-", "--5", "-R-5", "5 CR DR", "(5", "5)", "R(5)", "+5", "-", "R", "()"),
        *("1.234,50", "1,23,456.00", "1234,567", "1,234,50", "12.345", ".50", "5.", "1'234.50", "1.5E+04"),
        *("ten rand", "$ 15", "R R5", "5 R", "=5", "12.34.56", "٥", "1" * 13, "9" * 10_000),
    ],
)
def test_nobody_comes_in_with_a_guessed_amount(text: str) -> None:
    assert read_amount(text) is None


@given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2), st.booleans(), st.booleans())
def test_what_is_written_is_what_is_read(amount: Decimal, commas: bool, owed_by_us: bool) -> None:
    text = f"R {amount:,.2f}" if commas else f"R{amount:.2f}".replace(".", ",")
    read = read_amount(f"{text} CR" if owed_by_us else text)
    assert read == (-amount if owed_by_us else amount)
    assert str(read) != "-0.00"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("Active", "A", "open", "AKTIEF"), "active"),
        (("Suspended", "susp", "S"), "suspended"),
        (("Cancelled", "canceled", "CLOSED", "c"), "cancelled"),
        (("On hold", "Actif", "0", "A."), None),
        (("",), ""),
    ],
)
def test_statuses_by_the_words_that_we_know(words: tuple[str, ...], status: str | None) -> None:
    assert {read_status(word) for word in words} == {status}


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("7600", "7600", ""),
        ("157", "0157", "zero_added"),
        ("2", "0002", "zero_added"),
        ("0", "0000", "zero_added"),
        ("7 600", "7 600", "postal_code_invalid"),
        ("76000", "76000", "postal_code_invalid"),
        ("O157", "O157", "postal_code_invalid"),
        ("", "", ""),
    ],
)
def test_postal_codes_get_their_zeros_back(text: str, code: str, told: str) -> None:
    assert read_postal_code(text) == (code, told)


def test_debit_runs_by_number_or_name() -> None:
    assert {read_run(text) for text in ("1", "01", "Run 1", "NETCASH run 1")} == {"Netcash Run 1"}
    assert {read_run(text) for text in ("15", "run 15", "Netcash Run 15")} == {"Netcash Run 15"}
    assert read_run("25") == "Netcash Run 25"
    assert {read_run(text) for text in ("", "7", "Run 01", "015", "01-Mar", "Run 01-15", "Manual")} == {""}
