"""What a customer filled in with their yes, as the desk reads it."""

from __future__ import annotations

from typing import Any

from customers.models import Customer
from customers.policies.phones import national
from herotill.access import may
from workflow.models import Acceptance, Lead
from workflow.policies.quoting import DETAILS

LABELS = {name: name.replace("_", " ").capitalize() for name in DETAILS} | {
    "kind": "Type",
    "phone": "Cell number",
    "other_phone": "Other number",
    "id_number": "ID number",
    "registration_number": "Registration",
    "vat_number": "VAT number",
    "payment_method": "Wants to pay by",
    "physical_lines": "Street",
    "physical_suburb": "Suburb",
    "physical_town": "Town",
    "physical_postal_code": "Postal code",
    "physical_directions": "How to find it",
    "postal_lines": "Post to",
    "postal_suburb": "Post: suburb",
    "postal_town": "Post: town",
    "postal_postal_code": "Post: code",
}
CHOICES: dict[str, Any] = {"kind": Lead.Kind.choices, "payment_method": Customer.PaymentMethod.choices}


def details_shown(user: Any, acceptance: Acceptance | None) -> list[tuple[str, str]]:
    """Labels and texts for who may see them, nothing for others; numbers of people for fewer."""
    if acceptance is None or not may(user, "workflow.view_acceptance"):
        return []
    private = () if may(user, "customers.see_id_numbers") else ("id_number", "registration_number")
    said = acceptance.details
    return [
        (LABELS[name], _said(name, said[name])) for name in DETAILS if name in said and name not in private
    ]


def _said(name: str, text: str) -> str:
    """A choice by its label, and a phone number as people write it."""
    if name in ("phone", "other_phone"):
        return national(text)
    return str(dict(CHOICES.get(name, ())).get(text, text))
