"""SageOne's rows in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import timezone

from herotill.integrations.books import (
    NEVER,
    Account,
    Ageing,
    BankAccount,
    Booked,
    Company,
    Customer,
    Kind,
    Receipt,
    TaxType,
)
from herotill.integrations.http import Uncertain

CENT = Decimal("0.01")
AGES = ("total", "current", "days30", "days60", "days90", "days120")
METHODS = {1: "cash", 2: "cheque", 3: "card", 4: "eft"}
Row = Mapping[str, Any]


def rows(value: Any) -> tuple[list[Row], int]:
    """The rows of a list, and how many there are in all. Raises Uncertain for anything else."""
    if isinstance(value, list):
        value = {"Results": value, "TotalResults": len(value)}
    if not isinstance(value, Mapping):
        raise unreadable()
    found, total = value.get("Results"), value.get("TotalResults")
    if not isinstance(found, list) or not isinstance(total, int):
        raise unreadable()
    return [row(one) for one in found], total


def row(value: Any) -> Row:
    """One row. Raises Uncertain for anything else."""
    if not isinstance(value, Mapping):
        raise unreadable()
    return value


def number(one: Row, name: str = "ID") -> int:
    """An id of theirs. Raises Uncertain where there is none."""
    value = one.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise unreadable()
    return value


def _named(one: Row, name: str) -> str:
    """An id of theirs; nothing where they name none."""
    return str(number(one, name)) if one.get(name) else ""


def unreadable() -> Uncertain:
    return Uncertain("SageOne gave an answer that cannot be read.")


def company(one: Row) -> Company:
    return Company(
        id=str(number(one)),
        name=_text(one, "Name"),
        vat_number=_text(one, "TaxNumber"),
        active=one.get("Active") is not False,
        locked_until=_day(one.get("LockProcessingDate")) if one.get("LockProcessing") else None,
        ages_by_month=one.get("AgeMonthly") is not False,
        ages_from_due=bool(one.get("AgeingBasedOnDueDate")),
    )


def bank_account(one: Row) -> BankAccount:
    return BankAccount(
        id=str(number(one)),
        name=_text(one, "Name"),
        bank=_text(one, "BankName"),
        number=_text(one, "AccountNumber"),
        active=one.get("Active") is not False,
        default=bool(one.get("Default")),
    )


def tax_type(one: Row) -> TaxType:
    """The rate comes as per cent, or as a part of one; VAT below one per cent there is not."""
    rate = money(one.get("Percentage"), places=Decimal("0.0001"))
    rate = rate * 100 if 0 < rate < 1 else rate
    return TaxType(
        str(number(one)),
        _text(one, "Name"),
        rate.quantize(CENT),
        default=bool(one.get("IsDefault")),
        active=one.get("Active") is not False,
    )


def account(one: Row) -> Account:
    category = one.get("Category")
    name = _text(category, "Description") if isinstance(category, Mapping) else ""
    return Account(str(number(one)), _text(one, "Name"), name, one.get("Active") is not False)


def customer(one: Row) -> Customer:
    return Customer(
        code=_text(one, settings.SAGEONE_CODE_FIELD),
        name=_text(one, "Name"),
        id=str(number(one)),
        contact=_text(one, "ContactName"),
        email=_text(one, "Email"),
        telephone=_text(one, "Telephone"),
        mobile=_text(one, "Mobile"),
        vat_number=_text(one, "TaxReference"),
        registration_number=_text(one, "BusinessRegistrationNumber"),
        postal=_address(one, "PostalAddress"),
        street=_address(one, "DeliveryAddress"),
        active=one.get("Active") is not False,
        balance=money(one.get("Balance")),
        modified=_moment(one.get("Modified")),
    )


def booked(kind: Kind, one: Row, support_id: str = "") -> Booked:
    day = _day(one.get("Date"))
    if day is None:
        raise unreadable()
    return Booked(
        id=str(number(one)),
        kind=kind,
        number=_text(one, "DocumentNumber"),
        reference=_text(one, "Reference"),
        customer_id=str(number(one, "CustomerId")),
        day=day,
        incl=money(one.get("Total")),
        vat=money(one.get("Tax")),
        support_id=support_id,
    )


def receipt(one: Row) -> Receipt:
    if one.get("Total") is None:
        raise unreadable()
    whose = one.get("Customer")
    name, code = _who(whose) if isinstance(whose, Mapping) else ("", "")
    return Receipt(
        id=str(number(one)),
        customer_id=_named(one, "CustomerId"),
        bank_account_id=_named(one, "BankAccountId"),
        day=_day(one.get("Date")) or NEVER,
        amount=money(one["Total"]),
        reference=_text(one, "Reference"),
        description=_text(one, "Description"),
        number=_text(one, "DocumentNumber"),
        method=METHODS.get(one.get("PaymentMethod") or 0, ""),
        unallocated=money(one.get("TotalUnallocated")),
        changed=max(filter(None, map(_moment, (one.get("Modified"), one.get("Created")))), default=None),
        customer=name,
        code=code,
    )


def ageing(one: Row) -> Ageing:
    whose = row(one.get("Customer"))
    name, code = _who(whose)
    parts = ("Total", "Current", "Days30", "Days60", "Days90", "Days120Plus")
    total, current, days30, days60, days90, days120 = (money(one.get(part)) for part in parts)
    return Ageing(str(number(whose)), name, total, current, days30, days60, days90, days120, code)


def together(some: Iterable[Ageing]) -> list[Ageing]:
    """What each customer owes who may stand in a report several times, in the order of the first."""
    found: dict[str, Ageing] = {}
    for one in some:
        held = found.get(one.customer_id)
        found[one.customer_id] = _sum(held, one) if held else one
    return list(found.values())


def _sum(one: Ageing, other: Ageing) -> Ageing:
    return replace(one, **{part: getattr(one, part) + getattr(other, part) for part in AGES})


def _who(whose: Row) -> tuple[str, str]:
    """The name and code of a customer that comes with something else, which may lack either."""
    return _text(whose, "Name"), _text(whose, settings.SAGEONE_CODE_FIELD)


def money(value: Any, *, places: Decimal = CENT) -> Decimal:
    """An amount, zero where it is missing. Raises Uncertain for what is none."""
    if value is None:
        return Decimal(0).quantize(places)
    try:
        return Decimal(str(value)).quantize(places)
    except InvalidOperation:
        raise unreadable() from None


def _text(one: Row, name: str) -> str:
    """A short text without control characters."""
    value = one.get(name)
    text = "" if value is None else str(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _address(one: Row, name: str) -> tuple[str, ...]:
    lines = [_text(one, f"{name}{place:02d}") for place in range(1, 6)]
    return tuple(line for line in lines if line)


def _moment(value: Any) -> datetime | None:
    """A moment: by the clock here where it names no zone; none where it is missing or before all time."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise unreadable() from None
    if found.year < 1900:
        return None
    return found.astimezone(UTC) if found.tzinfo else timezone.make_aware(found)


def _day(value: Any) -> date | None:
    """The day that is written, whatever zone stands behind it."""
    if not value:
        return None
    try:
        found = date.fromisoformat(str(value)[:10])
    except ValueError:
        raise unreadable() from None
    return found if found.year >= 1900 else None
