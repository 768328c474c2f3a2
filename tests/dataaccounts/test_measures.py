"""Octets and speeds as people read and type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataaccounts.policies.causes import cause_in_words
from dataaccounts.policies.measures import gigabytes, octets, octets_in_words, speed_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (512_000_000, "512 MB"),
        (1_000_000_000, "1 GB"),
        (92_449_000_000, "92.4 GB"),
        (1_500_000_000_000, "1.5 TB"),
    ],
)
def test_octets_are_read_in_the_unit_that_fits(amount: int, words: str) -> None:
    assert octets_in_words(amount) == words


def test_speeds_are_read_as_they_are_sold() -> None:
    assert [speed_in_words(kbit) for kbit in (512, 2_500, 20_000)] == ["512 kb/s", "2.5 Mb/s", "20 Mb/s"]


@given(st.decimals(min_value=0, max_value=10**6, places=3))
def test_gigabytes_that_are_typed_come_back(typed: Decimal) -> None:
    assert gigabytes(octets(typed)) == typed


def test_a_router_s_reasons_are_read_in_words_and_strange_ones_as_they_are() -> None:
    assert [cause_in_words(one) for one in ("Lost-Carrier", "Own-Word", None)] == [
        "Line lost",
        "Own-Word",
        "",
    ]
