"""Identity, registration and VAT numbers of a record: kept as they are, never a reason to refuse (rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.policies.importing.spreadsheets import is_shortened
from customers.policies.numbers import (
    is_identity_number,
    is_passport_number,
    is_registration_number,
    is_vat_number,
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What goes into the fields for ID or passport, company registration and VAT."""

    id_number: str = ""
    registration_number: str = ""
    vat_number: str = ""
    warnings: frozenset[str] = frozenset()


def read_numbers(identity: str, vat: str, *, is_company: bool) -> Numbers:
    """The numbers of a person or a company. An ID in a company's cell is an ID, not a registration."""
    number, told = _read(identity, _company_warning if is_company else _person_warning)
    vat_number, told_of_vat = _read(vat, _vat_warning)
    registered = is_company and not is_identity_number(number)
    return Numbers(
        id_number="" if registered else number,
        registration_number=number if registered else "",
        vat_number=vat_number,
        warnings=frozenset(filter(None, (told, told_of_vat))),
    )


def _read(text: str, warning_of: Callable[[str], str]) -> tuple[str, str]:
    number = text.replace(" ", "")
    if is_shortened(number):
        return "", "excel_number"
    return number, warning_of(number) if number else ""


def _person_warning(number: str) -> str:
    return "" if is_identity_number(number) or is_passport_number(number) else "id_invalid"


def _company_warning(number: str) -> str:
    return "" if is_registration_number(number) or is_identity_number(number) else "reg_invalid"


def _vat_warning(number: str) -> str:
    return "" if is_vat_number(number) else "vat_invalid"
