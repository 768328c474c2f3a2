"""What one record says, all rules together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from customers.policies.importing.outcome import Kind
from customers.policies.importing.record import read_record
from herotill.imports.cells import read_cell

ALICE = {"person": "Liddel, Alice", "cell": "0821234567", "emails": "alice@example.com"}


def test_an_individual_is_named_by_surname_and_names_and_is_her_own_contact() -> None:
    record = read_record(ALICE)
    assert (record.kind, record.names, record.surname) == (Kind.INDIVIDUAL, "Alice", "Liddel")
    assert record.name == record.contact_name == "Alice Liddel"
    assert (record.faults, record.warnings) == ((), frozenset())


def test_surname_and_names_may_stand_in_columns_of_their_own() -> None:
    record = read_record({"surname": "Dr Liddel", "names": "Mrs Alice"})
    assert (record.names, record.surname) == ("Alice", "Liddel")


def test_a_company_is_named_as_it_trades_and_keeps_every_value() -> None:
    record = read_record(
        {
            "code": "won 001",
            "company_name": "Wonderland (Pty) Ltd",
            "person": "Hatter, Mad",
            "telephone": "0211234567/0221234567",
            "emails": "a@example.com b@example.com",
            "identity": "1999/123456/07",
            "vat_number": "4000123457",
            "line1": "1 Rabbit Hole",
            "line3": "Down",
            "suburb": "Under",
            "town": "Oxford",
            "postal_code": "157",
            "postal_address": "PO Box 1\nOxford",
            "category": "VIP",
            "label": "Green",
            "debit_run": "Run 15",
            "opened": "26/3/2018",
            "status": "Susp",
            "master": "lan 001",
            "note": "Late for\ntea",
            "balance": "R 1,234.50",
        }
    )
    assert (record.code, record.kind, record.name) == ("WON001", Kind.COMPANY, "Wonderland (Pty) Ltd")
    assert (record.contact_name, record.emails) == ("Mad Hatter", ("a@example.com", "b@example.com"))
    assert (record.phone, record.other_phone, record.further_phones) == (
        "+27211234567",
        "",
        ("+27221234567",),
    )
    assert (record.registration_number, record.vat_number, record.id_number) == (
        "1999/123456/07",
        "4000123457",
        "",
    )
    assert (record.address_lines, record.suburb, record.town, record.postal_code) == (
        ("1 Rabbit Hole", "Down"),
        "Under",
        "Oxford",
        "0157",
    )
    assert (record.postal_address, record.category, record.label) == ("PO Box 1\nOxford", "VIP", "Green")
    assert (record.billing_group, record.opened) == ("Netcash Run 15", date(2018, 3, 26))
    assert (record.status, record.master, record.balance) == ("suspended", "LAN001", Decimal("1234.50"))
    assert record.note_text == "Late for\ntea\nFurther numbers: +27221234567"
    assert record.warnings == {"code_cleaned", "phone_extra", "zero_added"}


def test_a_billing_group_may_be_given_by_its_name() -> None:
    assert read_record(ALICE | {"billing_group": "Month end"}).billing_group == "Month end"


def test_faults_are_told_in_the_order_of_the_rules() -> None:
    record = read_record({"code": "!", "company_name": "24/7", "status": "?!", "balance": "x", "emails": "x"})
    assert record.faults == (
        "bad_code",
        "missing_name",
        "missing_contact",
        "missing_phone",
        "bad_email",
        "unknown_status",
        "bad_amount",
    )


@pytest.mark.parametrize(
    ("cells", "excused"),
    [
        ({}, {"missing_contact", "missing_phone", "missing_email"}),
        ({"person": "0"}, {"missing_phone", "missing_email"}),
        ({"cell": "home"}, {"missing_contact", "missing_email"}),
        ({"telephone": "home"}, {"missing_contact", "missing_email"}),
        ({"emails": "x"}, {"missing_contact", "missing_phone"}),
    ],
)
def test_only_an_empty_cell_is_excused_in_an_update(cells: dict[str, str], excused: set[str]) -> None:
    assert read_record({"company_name": "Wonderland", **cells}).excused == excused


@pytest.mark.parametrize(
    "name",
    [
        "{{ user.password }}",
        "{% debug %}",
        "<img src=http://evil.example/x>",
        "a\r\nBcc: all@example.com",
        "a\tb",
    ],
)
def test_s19_what_is_put_into_a_name_stays_plain_text_on_one_line(name: str) -> None:
    text, formula = read_cell(name)
    record = read_record({"company_name": text, "person": text}, formula=formula)
    assert record.name == " ".join(name.split())
    assert not set("\r\n\t") & set(record.name + record.contact_name)


@pytest.mark.parametrize("field", ["identity", "vat_number", "suburb", "town", "category", "label"])
def test_an_endless_cell_is_a_fault_of_its_row(field: str) -> None:
    assert "too_long_cell" not in read_record(ALICE | {field: "7" * 200}).faults
    assert "too_long_cell" in read_record(ALICE | {field: "7" * 201}).faults
