"""What customers may ask to be changed: a fixed list of fields per kind, and how their texts are read.

Nothing else can be asked for: no code, group, price, balance, master or status (safety 10). The database holds
the same list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from customers.policies import emails, phones
from herotill.errors import DomainError

DETAILS, PAYMENT, CONVERSION = "details", "payment", "conversion"
INDIVIDUAL, COMPANY = "individual", "company"
DEBIT_ORDER = "debit_order"
METHODS = {DEBIT_ORDER: "Debit order", "eft": "EFT", "credit_card": "Credit card", "cash": "Cash"}
ACCOUNT_TYPES = {"current": "Current (cheque)", "savings": "Savings", "transmission": "Transmission"}
SEES_ID = "customers.see_id_numbers"
NOT_ASKED = "Somebody asked for something that cannot be asked for: {name}."


@dataclass(frozen=True, slots=True)
class WantedField:
    """One thing that can be asked for. `of` is the type of customer that has it, `reads` what its text must be.

    Who may see its value needs `sees`, where that is a right of its own.
    """

    name: str
    label: str
    longest: int = 200
    of: str = ""
    reads: str = "line"
    sees: str = ""
    choices: Mapping[str, str] | None = None
    section: str = ""

    @property
    def full_label(self) -> str:
        """What it is called where it does not stand under the heading of its section."""
        if self.section.endswith("address"):
            return f"{self.section}: {self.label[:1].lower()}{self.label[1:]}"
        return self.label


def _address(kind: str, section: str, directions: bool) -> tuple[WantedField, ...]:
    fields = (
        WantedField(f"{kind}_lines", "Street or box", 1000, reads="lines", section=section),
        WantedField(f"{kind}_suburb", "Suburb", 100, section=section),
        WantedField(f"{kind}_town", "Town", 100, section=section),
        WantedField(f"{kind}_postal_code", "Postal code", 20, section=section),
    )
    found = WantedField(f"{kind}_directions", "How to find it", 1000, reads="lines", section=section)
    return (*fields, found) if directions else fields


KIND = WantedField("kind", "Type", choices={INDIVIDUAL: "Individual", COMPANY: "Company"})
COMPANY_NAME = WantedField("company_name", "Company name", of=COMPANY)
FIRST_NAMES = WantedField("first_names", "First names", of=INDIVIDUAL)
SURNAME = WantedField("surname", "Surname", of=INDIVIDUAL)
CONTACT_NAME = WantedField("contact_name", "Contact name", section="Contact")
VAT_NUMBER = WantedField("vat_number", "VAT number", 20)

FIELDS: Mapping[str, tuple[WantedField, ...]] = {
    DETAILS: (
        COMPANY_NAME,
        FIRST_NAMES,
        SURNAME,
        VAT_NUMBER,
        CONTACT_NAME,
        WantedField("email", "Contact email", 254, reads="email", section="Contact"),
        WantedField("phone", "Contact tel", 20, reads="phone", section="Contact"),
        WantedField("other_phone", "Other number", 20, reads="phone", section="Contact"),
        *_address("physical", "Physical address", directions=True),
        *_address("postal", "Postal address", directions=False),
    ),
    PAYMENT: (
        WantedField("method", "Payment method", choices=METHODS),
        WantedField("debit_day", "Debit order day", 2, reads="day", section="Account"),
        WantedField("bank", "Bank name", 20, section="Account"),
        WantedField("branch_name", "Branch name", 60, section="Account"),
        WantedField("branch_code", "Branch code", 6, reads="branch", section="Account"),
        WantedField("holder", "Account name", 50, section="Account"),
        WantedField("account_type", "Account type", choices=ACCOUNT_TYPES, section="Account"),
    ),
    CONVERSION: (
        KIND,
        COMPANY_NAME,
        WantedField("registration_number", "Company registration number", 50, of=COMPANY, sees=SEES_ID),
        WantedField("vat_number", "VAT number", 20, of=COMPANY),
        CONTACT_NAME,
        FIRST_NAMES,
        SURNAME,
        WantedField("id_number", "ID or passport number", 50, of=INDIVIDUAL, sees=SEES_ID),
    ),
}
NEEDED = ("contact_name", "email", "phone")
ACCOUNT = ("debit_day", "bank", "branch_code", "holder", "account_type")


def fields(kind: str, customer_kind: str) -> tuple[WantedField, ...]:
    """What a customer of this type can ask for. A conversion asks for what the other type has."""
    if kind == CONVERSION:
        return tuple(one for one in FIELDS[kind] if one.of in ("", other(customer_kind)))
    return tuple(one for one in FIELDS[kind] if one.of in ("", customer_kind))


def other(customer_kind: str) -> str:
    """The type a customer is converted to."""
    return INDIVIDUAL if customer_kind == COMPANY else COMPANY


def cleaned(kind: str, customer_kind: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept. Raises DomainError for what is not on the list, and for what cannot be so.

    Of another payment method than the debit order no account is kept.
    """
    known = {one.name: one for one in fields(kind, customer_kind)}
    for name in wanted:
        if name not in known:
            raise DomainError(NOT_ASKED.format(name=name[:40]))
    if kind == PAYMENT and wanted.get("method") != DEBIT_ORDER:
        wanted = {"method": wanted.get("method", "")}
    return {name: _read(known[name], text) for name, text in wanted.items()}


def _read(field: WantedField, text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    _refuse_controls(field, plain)
    if field.choices is not None:
        return _among(field, plain)
    if field.reads == "email":
        return _email(plain)
    if field.reads == "phone":
        return _phone(field, plain)
    if field.reads in ("day", "branch"):
        return _figures(field, plain)
    return plain


def _refuse_controls(field: WantedField, text: str) -> None:
    allowed = "\n" if field.reads == "lines" else ""
    if any((ord(letter) < 32 or 127 <= ord(letter) < 160) and letter not in allowed for letter in text):
        raise DomainError(f"{field.label} holds a control character, such as a tab.", field=field.name)
    if len(text) > field.longest and field.choices is None:
        raise DomainError(f"{field.label} is longer than {field.longest} letters.", field=field.name)


def _among(field: WantedField, text: str) -> str:
    if text not in (field.choices or {}):
        raise DomainError(f"Choose one of the list for {field.label.lower()}.", field=field.name)
    return text


def _email(text: str) -> str:
    if text and not emails.is_email(text.lower()):
        raise DomainError(f"{text} cannot be an email address.", field="email")
    return text.lower()


def _phone(field: WantedField, text: str) -> str:
    if not text:
        return ""
    number = phones.read_number(text)
    if number is None:
        raise DomainError(f"{text} cannot be a phone number.", field=field.name)
    return number.e164


def _figures(field: WantedField, text: str) -> str:
    good = text.isascii() and text.isdigit()
    if field.reads == "branch" and not (good and len(text) == 6):
        raise DomainError("A branch code has exactly six digits.", field=field.name)
    if field.reads == "day" and not (good and 1 <= int(text) <= 31):
        raise DomainError("The debit order day is a day from 1 to 31.", field=field.name)
    return str(int(text)) if field.reads == "day" else text


def check_whole(kind: str, wanted: Mapping[str, str]) -> None:
    """Raises DomainError where what such a request needs is missing. `wanted` is cleaned, with what stays as it is."""
    if kind == DETAILS:
        _need(kind, [name for name in NEEDED if name in wanted], wanted)
    _check_names(wanted)
    if kind == PAYMENT and wanted.get("method") == DEBIT_ORDER:
        _need(kind, ACCOUNT, wanted)
    if kind == CONVERSION and wanted.get("kind") == COMPANY:
        _need(kind, ("company_name", "contact_name"), wanted)


def _check_names(wanted: Mapping[str, str]) -> None:
    if wanted.get("company_name", "-") == "" and wanted.get("kind") != INDIVIDUAL:
        raise DomainError("A company needs its name.", field="company_name")
    gone = [wanted.get(name, "-") == "" for name in ("first_names", "surname")]
    if all(gone) and wanted.get("kind") != COMPANY:
        raise DomainError("An individual needs a name.", field="first_names")


def _need(kind: str, names: Collection[str], wanted: Mapping[str, str]) -> None:
    labels = {one.name: one.label for one in FIELDS[kind]}
    for name in names:
        if not wanted.get(name):
            raise DomainError(f"{labels[name]} is missing.", field=name)


def converted(customer_kind: str, wanted: Mapping[str, str], stands: Mapping[str, str]) -> dict[str, str]:
    """A conversion whole: the other type with its names, and without what only the old type has.

    What is left empty stays as it stands.
    """
    to = other(customer_kind)
    listed = [one.name for one in fields(CONVERSION, customer_kind)]
    own = {name: wanted.get(name) or stands.get(name, "") for name in listed}
    if to == INDIVIDUAL:
        gone = dict.fromkeys(("company_name", "registration_number", "vat_number"), "")
        own["contact_name"] = own["contact_name"] or f"{own['first_names']} {own['surname']}".strip()
    else:
        gone = dict.fromkeys(("first_names", "surname"), "")
    return own | gone | {"kind": to}
