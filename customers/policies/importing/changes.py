"""What a record changes of a customer who is there, and how that is taken back.

A customer's values stand under the names of VALUES, as JSON can hold them. An address is one value: half of
one and half of another would be neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from customers.policies.importing.outcome import Kind, Outcome, Record

Values = dict[str, Any]

VALUES = {
    "company_name": "company name",
    "first_names": "first names",
    "surname": "surname",
    "id_number": "ID or passport number",
    "registration_number": "registration number",
    "vat_number": "VAT number",
    "customer_group": "customer group",
    "billing_group": "billing group",
    "status": "status",
    "customer_since": "customer since",
    "contact_name": "contact's name",
    "email": "email",
    "other_emails": "further emails",
    "phone": "cell number",
    "other_phone": "other number",
    "physical": "physical address",
    "postal": "postal address",
    "categories": "categories",
    "labels": "labels",
}
NOTE = "note"
NO_ADDRESS = {"lines": "", "suburb": "", "town": "", "postal_code": ""}


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids behind the names that an outcome speaks of."""

    group: int | None = None
    billing_group: int | None = None
    category: int | None = None
    label: int | None = None


def changes(now: Mapping[str, Any], outcome: Outcome, ids: Ids) -> Values:
    """The values that the outcome's record replaces, those that differ from `now` (rule 9).

    A category or label is put on beside those that somebody else put on; nothing is taken off.
    """
    record = outcome.record
    if record is None:
        return {}
    wanted = {name: value for name, value in _plain(record).items() if value} | _names(record)
    wanted |= {"customer_group": ids.group} if ids.group else {}
    wanted |= {"billing_group": ids.billing_group} if ids.billing_group else {}
    wanted |= {"email": record.emails[0], "other_emails": list(record.emails[1:])} if record.emails else {}
    wanted["physical"] = _address(now["physical"], physical_of(record))
    wanted["postal"] = _address(now["postal"], postal_of(record))
    wanted["categories"] = _with(now["categories"], ids.category)
    wanted["labels"] = _with(now["labels"], ids.label)
    return {name: value for name, value in wanted.items() if value != now[name]}


def _plain(record: Record) -> Values:
    return {
        "id_number": record.id_number,
        "registration_number": record.registration_number,
        "vat_number": record.vat_number,
        "status": record.status,
        "customer_since": record.opened.isoformat() if record.opened else "",
        "contact_name": record.contact_name,
        "phone": record.phone,
        "other_phone": record.other_phone,
    }


def _names(record: Record) -> Values:
    """A person's names are one value, of which a part may be empty."""
    if record.kind is Kind.COMPANY:
        return {"company_name": record.company_name}
    return {"first_names": record.names, "surname": record.surname}


def physical_of(record: Record) -> Values:
    """The parts of the physical address that the record fills."""
    parts = {
        "lines": "\n".join(record.address_lines),
        "suburb": record.suburb,
        "town": record.town,
        "postal_code": record.postal_code,
    }
    return {name: text for name, text in parts.items() if text}


def postal_of(record: Record) -> Values:
    """The postal address stands as one text."""
    return {"lines": record.postal_address} if record.postal_address else {}


def _address(now: Mapping[str, Any] | None, filled: Values) -> Values | None:
    if not filled:
        return dict(now) if now else None
    return {**NO_ADDRESS, **(now or {}), **filled}


def _with(held: list[int], one: int | None) -> list[int]:
    return sorted({*held, one}) if one else held


@dataclass(frozen=True, slots=True)
class Step:
    """What one line of the file replaced, and what by."""

    line: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def taken_back(now: Mapping[str, Any], steps: Iterable[Step]) -> tuple[Values, dict[int, list[str]]]:
    """The values to give back, and by line those that stay because they were changed since.

    `steps` come last first, so that each finds what the one before it left. Notes are no values: each stands
    by itself.
    """
    held = dict(now)
    stays: dict[int, list[str]] = {}
    for step in steps:
        for name, value in step.after.items():
            if name == NOTE:
                continue
            if held.get(name) == value:
                held[name] = step.before[name]
            else:
                stays.setdefault(step.line, []).append(name)
    return {name: value for name, value in held.items() if value != now.get(name)}, stays
