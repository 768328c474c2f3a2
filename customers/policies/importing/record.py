"""What one record says: all readers put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from customers.policies.codes import is_code
from customers.policies.importing.addresses import read_postal_code
from customers.policies.importing.codes import squeeze
from customers.policies.importing.emails import read_emails
from customers.policies.importing.names import Person, contact_faults, name_faults, person_of, read_person
from customers.policies.importing.numbers import read_numbers
from customers.policies.importing.outcome import Kind, Record
from customers.policies.importing.phones import read_phones
from customers.policies.importing.runs import read_run
from customers.policies.importing.status import read_status
from customers.policies.names import LONGEST_NAME
from herotill.imports.amounts import read_amount
from herotill.imports.dates import read_date

# The cells whose emptiness is no fault in an update, by the reason it would otherwise be.
_EXCUSED = {
    "missing_contact": ("person", "surname", "names"),
    "missing_phone": ("cell", "telephone"),
    "missing_email": ("emails",),
}
# What a search or a list finds a customer by; the database indexes no endless text.
_SHORT = ("identity", "vat_number", "suburb", "town", "category", "label", "billing_group", "group")


def read_record(cells: Mapping[str, str], *, formula: bool = False) -> Record:
    """The values, warnings and faults of a record, given its cleaned cells under their fields."""
    cells = defaultdict(str, cells)
    company_name, person = cells["company_name"], _person(cells)
    code = squeeze(cells["code"])
    phones = read_phones(cells["cell"], cells["telephone"])
    emails = read_emails(cells["emails"])
    numbers = read_numbers(cells["identity"], cells["vat_number"], is_company=bool(company_name))
    postal_code, told_of_code = read_postal_code(cells["postal_code"])
    opened, told_of_date = read_date(cells["opened"])
    billing_group, told_of_run = _billing_group(cells)
    status = read_status(cells["status"])
    balance, amount_faults = _balance(cells["balance"])
    return Record(
        code=code,
        kind=Kind.COMPANY if company_name else Kind.INDIVIDUAL,
        company_name=company_name,
        names=person.names,
        surname=person.surname,
        name=company_name or person.full_name,
        contact_name=person.full_name,
        emails=emails.good,
        phone=phones.main,
        other_phone=phones.other,
        further_phones=phones.further,
        id_number=numbers.id_number,
        registration_number=numbers.registration_number,
        vat_number=numbers.vat_number,
        address_lines=tuple(filter(None, (cells["line1"], cells["line2"], cells["line3"]))),
        suburb=cells["suburb"],
        town=cells["town"],
        postal_code=postal_code,
        postal_address=cells["postal_address"],
        category=cells["category"],
        label=cells["label"],
        group=cells["group"],
        billing_group=billing_group,
        opened=opened,
        status=status or "",
        master=squeeze(cells["master"]),
        note=cells["note"],
        balance=balance,
        warnings=_warnings(
            (
                "formula" if formula else "",
                "code_cleaned" if code != cells["code"] else "",
                told_of_code,
                told_of_date,
                told_of_run,
            ),
            phones.warnings | emails.warnings | numbers.warnings,
        ),
        faults=(
            *(["bad_code"] if code and not is_code(code) else []),
            *name_faults(company_name, person),
            *(["too_long_cell"] if any(len(cells[name]) > LONGEST_NAME for name in _SHORT) else []),
            *contact_faults(company_name, person),
            *phones.faults,
            *emails.faults,
            *(["unknown_status"] if status is None else []),
            *amount_faults,
        ),
        excused=frozenset(
            fault for fault, names in _EXCUSED.items() if not any(cells[name] for name in names)
        ),
    )


def _person(cells: Mapping[str, str]) -> Person:
    if cells["surname"] or cells["names"]:
        return person_of(names=cells["names"], surname=cells["surname"])
    return read_person(cells["person"])


def _billing_group(cells: Mapping[str, str]) -> tuple[str, str]:
    run = cells["debit_run"]
    name = read_run(run) or cells["billing_group"]
    return name, "unknown_run" if run and not name else ""


def _balance(text: str) -> tuple[Decimal | None, list[str]]:
    if not text:
        return None, []
    amount = read_amount(text)
    return amount, ["bad_amount"] if amount is None else []


def _warnings(told: Iterable[str], more: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(None, told)) | more
