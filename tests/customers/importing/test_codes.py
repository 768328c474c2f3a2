"""Customer codes: their form, their letters, and those given out (rules 4 and 9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.policies.codes import company_letters, individual_letters, is_code, lowest_free, numbered
from customers.policies.importing.codes import generated, squeeze


def test_spaces_go_out_of_a_code_and_letters_up() -> None:
    assert squeeze("ali  001") == "ALI001"
    assert squeeze("9x8") == "9X8"


def test_a_code_has_three_to_twelve_letters_and_digits() -> None:
    assert all(map(is_code, ("9X8", "81745", "ALI001", "ABCDEFGHIJKL")))
    assert not any(
        map(is_code, ("", "AB", "ABCDEFGHIJKLM", "ALI-001", "MÜL001", "ali001", "ALI00١", "ALI001\n"))
    )


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Wonderland (Pty) Ltd", "WON"),
        ("24/7 Sleutels", "SLE"),
        ("3D Matjiesmaan", "DMA"),
        ("É & Ö Trust", "EOT"),
        ("Prof. Dr Duchess", "DUC"),
        ("The Duchess", "THE"),
        ("'t Hoekie", "THO"),
        ("Ok", "OKX"),
        ("Ø Skilpad", "OSK"),
        ("Дом", "XXX"),
    ],
)
def test_a_company_gives_the_first_letters_of_its_name(name: str, letters: str) -> None:
    assert company_letters(name) == letters


@pytest.mark.parametrize(
    ("names", "surname", "letters"),
    [
        ("Alice", "Liddel", "ALI"),
        ("Élise Maria", "Nel", "ELI"),
        ("Jo-Anne", "Nel", "JOA"),
        ("Bo", "Nel", "BOX"),
        ("JP", "Nel", "JPX"),
        ("G", "Joubert", "GJO"),
        ("G.", "van der Merwe", "GVA"),
        ("J.P.", "Kruinsma", "JKR"),
        ("J P", "Kruinsma", "JKR"),
        ("J.P", "Kruinsma", "JPX"),
        ("É.", "Küstner", "EKU"),
        ("K", "Ö", "KOX"),
        ("P", "O'Connerly", "POC"),
        ("Q", "", "QXX"),
        ("", "van der Merwe", "VAN"),
        ("Dr Alice", "Liddel", "ALI"),
    ],
)
def test_a_person_gives_the_first_name_or_an_initial_and_the_surname(
    names: str, surname: str, letters: str
) -> None:
    assert individual_letters(names, surname) == letters


def test_the_lowest_number_that_is_free_is_given() -> None:
    assert list(generated(["ALI", "BOB", "ALI", "ALI"], {"ALI001", "ALI003"})) == [
        "ALI002",
        "BOB001",
        "ALI004",
        "ALI005",
    ]
    assert lowest_free("ALI", {numbered("ALI", number) for number in range(1, 1000)}) == 1000
    assert numbered("ALI", 1000) == "ALI1000"


@given(
    st.lists(st.sampled_from(["ALI", "BOB"]), max_size=30),
    st.sets(st.builds(numbered, st.sampled_from(["ALI", "BOB"]), st.integers(1, 40))),
)
def test_no_code_is_given_twice_and_none_is_left_out(letters: list[str], taken: set[str]) -> None:
    given_out = list(generated(letters, taken))
    assert [code[:3] for code in given_out] == letters
    assert len(set(given_out)) == len(given_out)
    assert not taken.intersection(given_out)
    for code in given_out:
        lower = {numbered(code[:3], number) for number in range(1, int(code[3:]))}
        assert lower <= taken.union(given_out)
