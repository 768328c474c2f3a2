"""Rows of leads as files have them, read into what they mean. Pure: texts in, a record or a refusal out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from customers.policies import emails, phones
from herotill.folding import fold
from herotill.imports.dates import read_date
from herotill.imports.refusing import Refused, Texts

KINDS = {
    "": "",
    "individual": "individual",
    "person": "individual",
    "company": "company",
    "business": "company",
}
YES = {
    "": False,
    "no": False,
    "n": False,
    "0": False,
    "false": False,
    "yes": True,
    "y": True,
    "1": True,
    "true": True,
}
LENGTHS = {
    "company_name": 200,
    "first_names": 200,
    "surname": 200,
    "contact_name": 200,
    "id_number": 40,
    "registration_number": 40,
    "vat_number": 20,
    "lines": 1000,
    "suburb": 100,
    "town": 100,
    "postal_code": 20,
    "directions": 2000,
    "wants": 4000,
    "next_action": 200,
    "note": 4000,
    "source": 60,
    "area": 60,
}
NAMED = ("source", "area", "owner", "step", "note")


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead of a file: its values, and the names of what it points at."""

    values: Mapping[str, Any]
    named: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None

    @property
    def name(self) -> str:
        return str(self.values["company_name"] or self._person)

    @property
    def _person(self) -> str:
        return f"{self.values['first_names']} {self.values['surname']}".strip()

    @property
    def identity(self) -> tuple[str, str]:
        """By what a second import knows it again: the name, with phone, email or place."""
        values = self.values
        told = values["phone"] or values["email"] or fold(f"{values['lines']} {values['suburb']}".strip())
        return fold(self.name)[:200], told


def read_lead(texts: Texts) -> LeadRow:
    """A row of leads. Raises Refused."""
    for name, longest in LENGTHS.items():
        if len(texts.get(name, "")) > longest:
            raise Refused("too_long")
    values: dict[str, Any] = {name: texts.get(name, "") for name in LENGTHS if name not in NAMED}
    values |= _names(texts) | _reach(texts) | _place(texts)
    values["marketing"] = _choice(YES, texts.get("marketing", ""), "bad_yes")
    values["next_action_on"] = _day(texts, "next_action_on")
    named = {name: texts.get(name, "") for name in NAMED}
    return LeadRow(values, named, _day(texts, "since"))


def _names(texts: Texts) -> dict[str, str]:
    company, first, last = (texts.get(name, "") for name in ("company_name", "first_names", "surname"))
    kind = _choice(KINDS, texts.get("kind", ""), "bad_kind") or ("company" if company else "individual")
    if not (company if kind == "company" else first or last):
        raise Refused("no_name")
    if kind == "company":
        contact = texts.get("contact_name", "") or f"{first} {last}".strip()
        return {
            "kind": kind,
            "company_name": company,
            "first_names": "",
            "surname": "",
            "contact_name": contact,
        }
    return {"kind": kind, "company_name": ""}


def _reach(texts: Texts) -> dict[str, str]:
    found = {name: _phone(texts.get(name, "")) for name in ("phone", "other_phone")}
    email = texts.get("email", "").lower()
    if email and not emails.is_email(email):
        raise Refused("bad_email")
    return found | {"email": email}


def _phone(text: str) -> str:
    number = phones.read_number(text) if text else None
    if text and number is None:
        raise Refused("bad_phone")
    return number.e164 if number else ""


def _place(texts: Texts) -> dict[str, Decimal | None]:
    latitude, longitude = _degrees(texts.get("latitude", ""), 90), _degrees(texts.get("longitude", ""), 180)
    if (latitude is None) != (longitude is None):
        raise Refused("bad_coordinates")
    return {"latitude": latitude, "longitude": longitude}


def _degrees(text: str, most: int) -> Decimal | None:
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Refused("bad_coordinates") from None
    if not found.is_finite() or abs(found) > most:
        raise Refused("bad_coordinates")
    return found.quantize(Decimal("0.000001"))


def _day(texts: Texts, name: str) -> date | None:
    day, bad = read_date(texts.get(name, ""))
    if bad:
        raise Refused("bad_date")
    return day


def _choice(known: Mapping[str, Any], text: str, wrong: str) -> Any:
    if fold(text) not in known:
        raise Refused(wrong)
    return known[fold(text)]


def shown(row: LeadRow) -> Sequence[str]:
    """The row as the report shows it."""
    values = row.values
    return (
        row.name,
        values["phone"],
        values["email"],
        values["town"],
        row.named["step"],
        row.named["owner"],
        row.named["source"],
    )


REPORT = ("name", "phone", "email", "town", "list", "person", "source")
