"""Surname and names in one cell (rule 5)."""

from __future__ import annotations

import pytest

from customers.policies.importing.names import Person, contact_faults, name_faults, read_person
from customers.policies.names import match_key


@pytest.mark.parametrize(
    ("text", "names", "surname", "full"),
    [
        ("Liddel, Alice", "Alice", "Liddel", "Alice Liddel"),
        ("Liddel ,Alice Pleasance", "Alice Pleasance", "Liddel", "Alice Pleasance Liddel"),
        ("Liddel, Alice, Miss", "Alice, Miss", "Liddel", "Alice, Miss Liddel"),
        ("Liddel,", "", "Liddel", "Liddel"),
        (", Alice", "Alice", "", "Alice"),
        ("Alice Pleasance Liddel", "Alice Pleasance", "Liddel", "Alice Pleasance Liddel"),
        ("Alice", "Alice", "", "Alice"),
        ("Mr Liddel", "Liddel", "", "Liddel"),
        ("dr. PROF Adv Alice Liddel", "Alice", "Liddel", "Alice Liddel"),
        ("Mr & Mrs Jürgen Ö", "Jürgen", "Ö", "Jürgen Ö"),
        ("Dr 't Hoof, Mrs. Zoë", "Zoë", "'t Hoof", "Zoë 't Hoof"),
        ("van der Merwe, Jan", "Jan", "van der Merwe", "Jan van der Merwe"),
        ("Mr.. Liddel", "Mr..", "Liddel", "Mr.. Liddel"),
        ("Mrliddel", "Mrliddel", "", "Mrliddel"),
        ("Mr & Mrs", "", "", ""),
        (", 12", "", "", ""),
        ("12345", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_surname_before_the_comma_or_last(text: str, names: str, surname: str, full: str) -> None:
    person = read_person(text)
    assert (person.names, person.surname, person.full_name) == (names, surname, full)


def test_a_customer_needs_a_letter_in_its_name() -> None:
    assert name_faults("24/7", Person("Alice", "Liddel")) == ["missing_name"]
    assert name_faults("", Person()) == ["missing_name"]
    assert name_faults("", Person("Ö")) == []


def test_a_name_of_200_is_kept_and_one_of_201_is_never_cut() -> None:
    assert name_faults("W" * 200, Person()) == []
    assert name_faults("W" * 201, Person()) == ["too_long"]
    assert name_faults("", Person("A" * 100, "L" * 99)) == []
    assert name_faults("", Person("A" * 100, "L" * 100)) == ["too_long"]
    assert name_faults("Wonderland", Person("A" * 201)) == ["too_long"]


def test_only_a_company_can_lack_a_contact() -> None:
    assert contact_faults("Wonderland", Person()) == ["missing_contact"]
    assert contact_faults("Wonderland", Person("Mad", "Hatter")) == []
    assert contact_faults("", Person()) == []


def test_names_are_the_same_by_their_letters_and_digits() -> None:
    assert match_key("Café 24/7 (Pty) Ltd.") == match_key("CAFE  247 PTY LTD")
    assert match_key("Zoë d'Arcy") == match_key("zoe Darcy")
    assert match_key("Groß") == match_key("GROSS")
    assert match_key("Alice 1") != match_key("Alice 2")
