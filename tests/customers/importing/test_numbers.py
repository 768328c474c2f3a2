"""Identity, registration and VAT numbers (rule 8)."""

from __future__ import annotations

import pytest

from customers.policies.importing.numbers import Numbers, read_numbers
from customers.policies.numbers import (
    is_identity_number,
    is_passport_number,
    is_registration_number,
    is_vat_number,
)


@pytest.mark.parametrize(
    "number",
    ["8001015009087", "7503305044089", "8001015009186", "8001015009285", "0002295009084"],
)
def test_a_citizen_a_resident_a_refugee_and_a_leap_day_of_either_century_have_ids(number: str) -> None:
    assert is_identity_number(number)


@pytest.mark.parametrize(
    "number",
    [
        *(
            "8503305044089",
            "9292929292929",
            "0102295009082",
            "8001015009384",
            "800101500908",
            "80010150090870",
        ),
        *("8013015009080", "8001325009087", "800101-5009087", "٨٠٠١٠١٥٠٠٩٠٨٧", ""),
    ],
)
def test_other_numbers_are_no_ids(number: str) -> None:
    assert not is_identity_number(number)


def test_passports_registrations_and_vat_numbers_by_their_form() -> None:
    assert all(map(is_passport_number, ("A123456", "ab12345678")))
    assert not any(map(is_passport_number, ("A12345", "ABC123456", "A123456789", "123456")))
    assert all(map(is_registration_number, ("1999/123456/07", "2018/000001/23")))
    assert not any(map(is_registration_number, ("1899/123456/07", "2018/12345/07", "2018-123456-07")))
    assert is_vat_number("4000123457")
    assert not any(map(is_vat_number, ("4000123456", "5000123457", "400012345", "VAT4000123457")))


@pytest.mark.parametrize(
    ("identity", "vat", "company", "numbers"),
    [
        ("800101 5009 08 7", "", False, Numbers(id_number="8001015009087")),
        ("A1234567", "", False, Numbers(id_number="A1234567")),
        ("applied for", "", False, Numbers(id_number="appliedfor", warnings=frozenset(("id_invalid",)))),
        ("1999 / 123456 / 07", "4000 123 457", True, Numbers("", "1999/123456/07", "4000123457")),
        ("8001015009087", "", True, Numbers(id_number="8001015009087")),
        ("A1234567", "", True, Numbers("", "A1234567", "", frozenset(("reg_invalid",)))),
        ("", "VAT1", True, Numbers("", "", "VAT1", frozenset(("vat_invalid",)))),
        ("8.00102E+12", "4.1E9", False, Numbers(warnings=frozenset(("excel_number",)))),
        ("", "", False, Numbers()),
    ],
)
def test_numbers_are_kept_as_they_are_and_only_warned_about(
    identity: str, vat: str, company: bool, numbers: Numbers
) -> None:
    assert read_numbers(identity, vat, is_company=company) == numbers
