"""Our words as SageOne takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings

from herotill.clock import local
from herotill.integrations.books import Customer, Document, Kind, Line
from herotill.integrations.books.errors import Refused

# A debit note is one more invoice there; a write-off takes away as a credit note does, from another account.
SERVICES = {
    Kind.INVOICE: "TaxInvoice",
    Kind.DEBIT_NOTE: "TaxInvoice",
    Kind.CREDIT_NOTE: "CustomerReturn",
    Kind.WRITE_OFF: "CustomerReturn",
    Kind.ADJUSTMENT: "CustomerAdjustment",
}
ACCOUNT = 1  # the kind of line that names an account, not an item
Body = dict[str, Any]


def customer(one: Customer, there: Body) -> Body:
    """A customer; what stands there and is not ours stays. Receipts there go to the oldest invoice."""
    ours: Body = {
        "ID": identity(one.id) if one.id else 0,
        "Name": one.name[:100],
        settings.SAGEONE_CODE_FIELD: one.code[:100],
        "ContactName": one.contact[:100],
        "Email": one.email[:100],
        "Mobile": one.mobile[:30],
        "TaxReference": one.vat_number[:30],
        "BusinessRegistrationNumber": one.registration_number[:30],
        "Active": one.active,
    }
    if one.telephone:  # we keep none, and theirs is not ours to take away
        ours["Telephone"] = one.telephone[:30]
    if not one.id:
        ours["AutoAllocateToOldestInvoice"] = True
    return there | ours | _address("PostalAddress", one.postal) | _address("DeliveryAddress", one.street)


def document(one: Document) -> Body:
    """A document as its service takes it. Line prices include VAT, so that the total is ours to the cent."""
    if one.kind is Kind.ADJUSTMENT:
        return _adjustment(one)
    body = _head(one) | {
        "Inclusive": True,
        "ExternalReference": one.reference[:100],
        "Message": one.note[:8000],
        "Lines": [_line(line) for line in one.lines],
    }
    return body | ({"DueDate": _day(one.due)} if SERVICES[one.kind] == "TaxInvoice" else {})


def _head(one: Document) -> Body:
    return {
        "CustomerId": identity(one.customer_id),
        "Date": _day(one.day),
        "DocumentNumber": one.number[:100],
        "Reference": one.number[:100],
    }


def _line(line: Line) -> Body:
    body: Body = {
        "LineType": ACCOUNT,
        "SelectionId": identity(line.account),
        "Description": line.text[:100],
        "Quantity": 1,
        "UnitPriceExclusive": line.excl,
        "UnitPriceInclusive": line.incl,
        "TaxPercentage": line.vat_rate,
        "Exclusive": line.excl,
        "Tax": line.vat,
        "Total": line.incl,
    }
    return body | ({"TaxTypeId": identity(line.tax_type)} if line.tax_type else {})


def _adjustment(one: Document) -> Body:
    accounts = {line.account for line in one.lines}
    if len(accounts) != 1:
        raise Refused("SageOne takes an adjustment to one account only.")
    return _head(one) | {
        "Description": (one.note or one.lines[0].text)[:100],
        "ContraAccountId": identity(accounts.pop()),
        "Exclusive": one.incl - one.vat,
        "Tax": one.vat,
        "Total": one.incl,
    }


def _address(name: str, lines: tuple[str, ...]) -> Body:
    some = [*lines[:5], *[""] * (5 - len(lines))]
    return {f"{name}{place:02d}": line[:100] for place, line in enumerate(some, start=1)}


def _day(day: date) -> str:
    return day.isoformat()


def identity(id: str) -> int:
    """An id as they write it. Raises Refused for what is none."""
    if not (id.isascii() and id.isdigit()) or int(id) > 2**63:
        raise Refused("A SageOne ID is a number.")
    return int(id)


def quoted(text: str) -> str:
    """A text within a filter."""
    return "'" + text.replace("'", "''") + "'"


def literal(moment: datetime) -> str:
    """A moment within a filter, as clocks here show it."""
    return local(moment).strftime(settings.SAGEONE_MOMENT)
