"""Cleaning and formulas (rules 1 and 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herotill.imports.cells import clean, looks_like_formula, read_cell


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\u00a0Alice\t \u00a0Liddel  ", "Alice Liddel"),
        ("Alice\r\nLiddel", "Alice Liddel"),
        ("Alice \n Liddel", "Alice Liddel"),
        ("Alice\rLiddel", "Alice Liddel"),
        ("  ", ""),
        ("n/a", ""),
        ("NULL ", ""),
        (" - ", ""),
        (".", ""),
        ("?", ""),
        ("Nil", ""),
        ("none", ""),
        ("- -", "- -"),
        ("n / a", "n / a"),
        ("0", "0"),
        ("Ali\x00ce", "Ali ce"),
    ],
)
def test_blanks_become_one_and_a_cell_that_says_nothing_is_empty(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_notes_keep_their_lines_but_not_their_double_blanks() -> None:
    assert clean(" Beware\t of  the dog\r\n\r\nGate code\u00a0 7 \n", multiline=True) == (
        "Beware of the dog\n\nGate code 7"
    )


@given(st.text(), st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, multiline: bool) -> None:
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('="0820001234"', "0820001234"),
        ('=" 082  000\u00a01234 "', "082 000 1234"),
        ('=""', ""),
        ('="n/a"', ""),
        ('=HYPERLINK("mailto:a@example.com","a@example.com")', "a@example.com"),
        ('=hyperlink("http://x.example";"Alice")', "Alice"),
        ('="=1+1"', "=1+1"),
    ],
)
def test_a_formula_that_is_a_text_stands_for_it(text: str, read: str) -> None:
    assert read_cell(text) == (read, True)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=SUM(A1:A9)",
        '="a"&"b"',
        '="a""b"',
        '=HYPERLINK("a","b","c")',
        '=HYPERLINK("a", "b")',
        "=HYPERLINK(A1)",
        "Alice",
    ],
)
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert read_cell(text) == (text, False)


def test_what_a_spreadsheet_would_run_is_known_by_its_first_sign() -> None:
    assert all(looks_like_formula(text) for text in ("=1", "+27", "- dogs", "@home"))
    assert not looks_like_formula("Alice = Bob")
