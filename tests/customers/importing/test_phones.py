"""Telephone numbers (rule 6)."""

from __future__ import annotations

import pytest

from customers.policies.importing.phones import read_cell, read_phones
from customers.policies.phones import is_in_use, national, read_number


@pytest.mark.parametrize(
    "text",
    [
        "0821234567",
        "082 123 4567",
        "(082) 123-4567",
        "082.123.4567",
        "'0821234567",
        "\u20190821234567",
        "27821234567",
        "+27 82 123 4567",
        "+27 (0)82 123 4567",
        "0027821234567",
        "00270821234567",
        "270821234567",
        "082 123 4567 x12",
        "0821234567 ext. 4",
        "0821234567EXT4",
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.e164, number.zero_added, number.foreign, number.doubtful) == (
        "+27821234567",
        False,
        False,
        False,
    )


def test_a_lost_zero_comes_back() -> None:
    number = read_number("821234567")
    assert number is not None
    assert (number.e164, number.zero_added) == ("+27821234567", True)


@pytest.mark.parametrize("text", ["+264 81 123 4567", "00264811234567"])
def test_a_foreign_number_is_kept(text: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.e164, number.foreign, number.doubtful) == ("+264811234567", True, False)


@pytest.mark.parametrize("text", ["0000000000", "0912345678", "0891234567", "+27 012 345 678"])
def test_a_number_that_nobody_can_have_is_doubtful(text: str) -> None:
    number = read_number(text)
    assert number is not None
    assert number.doubtful


@pytest.mark.parametrize(
    "text",
    [
        *("", "home", "112", "082 000 123", "08212345678", "082 123 4567 (wife)", "x12", "tel 0821234567"),
        *(
            "264811234567",
            "+2712345678",
            "+1234567",
            "+1234567890123456",
            "+0821234567",
            "082\u2013123\u20134567",
        ),
        *("=+27821234567", "0821234567#", "٠٨٢١٢٣٤٥٦٧"),
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert read_number(text) is None


def warnings(text: str) -> str:
    return " ".join(sorted(read_cell(text).warnings))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0821234567", ""),
        ("0821234567 / home", "phone_dropped"),
        ("0821234567 /", "phone_dropped"),
        ("home / 821234567 / 0000000000", "phone_dropped phone_extra zero_added"),
        ("0821234567; 831234567, +264811234567", "phone_extra"),
        ("2.7821E+10", "excel_number"),
        ("2,7821E+10", "excel_number"),
        ("27821E6", "excel_number"),
        ("2.7821E+10 / 0821234567", "phone_dropped"),
        ("2.7821e+10", "phone_dropped"),
        ("", ""),
    ],
)
def test_only_the_first_number_of_a_cell_brings_its_warnings(text: str, told: str) -> None:
    assert warnings(text) == told


@pytest.mark.parametrize(
    ("cell", "telephone", "main", "other"),
    [
        ("0821234567", "0211234567", "+27821234567", "+27211234567"),
        ("", "0211234567", "+27211234567", ""),
        ("0000000000", "0211234567", "+27211234567", "+27000000000"),
        ("0000000000", "0911234567", "+27000000000", "+27911234567"),
        ("0000000000", "home", "+27000000000", ""),
        ("home", "0211234567", "+27211234567", ""),
        ("0821234567", "+27 82 123 4567", "+27821234567", ""),
    ],
)
def test_the_cell_comes_first_but_a_doubtful_number_last(
    cell: str, telephone: str, main: str, other: str
) -> None:
    phones = read_phones(cell, telephone)
    assert (phones.main, phones.other, phones.faults) == (main, other, ())


def test_further_numbers_of_both_cells_are_kept_for_the_note() -> None:
    phones = read_phones("0821234567/0831234567", "0211234567; 0221234567; 0231234567")
    assert phones.further == ("+27831234567", "+27221234567", "+27231234567")


def test_no_number_is_missing_where_both_cells_are_empty_and_bad_otherwise() -> None:
    assert read_phones("", "").faults == ("missing_phone",)
    assert read_phones("2.7821E+10", "").faults == ("bad_phone",)
    assert read_phones("", "home").faults == ("bad_phone",)


def test_a_screen_shows_numbers_nationally_and_warns_of_those_not_in_use() -> None:
    assert national("+27821234567") == "082 123 4567"
    assert national("+264811234567") == "+264 81 123 4567"
    assert is_in_use("+27821234567")
    assert not is_in_use("+27000000000")
    assert not is_in_use("nothing")
