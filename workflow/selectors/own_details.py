"""Customers' own details as they read them: by section, in words, with numbers cut to their last digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from customers.models import Customer
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.policies.change_fields import WantedField
from workflow.selectors import change_requests as reading

Kind = ChangeRequest.Kind


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading, labels beside texts."""

    title: str
    rows: Sequence[tuple[str, str]]


def groups(customer: Customer, kind: str) -> list[Group]:
    """What stands of one kind, without what is empty."""
    stands = reading.current(customer, kind)
    fields: Sequence[WantedField] = change_fields.fields(kind, customer.kind)
    if kind == Kind.PAYMENT:
        debited = stands["method"] == change_fields.DEBIT_ORDER
        fields = (*fields, reading.NUMBER) if debited else fields[:1]
    found: dict[str, list[tuple[str, str]]] = {}
    for field, text in zip(fields, reading.in_words(fields, stands), strict=True):
        if text:
            found.setdefault(field.section, []).append((gettext(field.label), text))
    return [Group(gettext(title) if title else "", rows) for title, rows in found.items()]


def identity(customer: Customer) -> list[tuple[str, str]]:
    """ID or registration number, by its last digits alone."""
    known = (
        (gettext("ID or passport number"), customer.id_number),
        (gettext("Company registration number"), customer.registration_number),
    )
    return [(label, masked(text)) for label, text in known if text]


def masked(text: str) -> str:
    """The last four of a number that is long enough for them to say nothing."""
    return f"•••• {text[-4:]}" if len(text) >= 8 else "••••"
