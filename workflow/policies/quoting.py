"""What a line of a quote comes to, how far below the list it lies, and when an unanswered quote is followed up. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from billing.policies.lines import worth
from herotill import vat
from herotill.errors import DomainError
from herotill.money import CENT, ZERO, cents

HUNDRED = Decimal(100)
DETAILS = (
    "kind",
    "company_name",
    "first_names",
    "surname",
    "contact_name",
    "email",
    "phone",
    "other_phone",
    "id_number",
    "registration_number",
    "vat_number",
    "physical_lines",
    "physical_suburb",
    "physical_town",
    "physical_postal_code",
    "physical_directions",
    "postal_lines",
    "postal_suburb",
    "postal_town",
    "postal_postal_code",
    "payment_method",
)


def amounts(
    *, quantity: int, price: Decimal, discount: Decimal, includes_vat: bool, rate: Decimal
) -> vat.Amounts:
    """Quantity times price less the discount in percent, with the VAT in it or on top of it."""
    return vat.split(worth(Decimal(quantity), price, discount), rate, includes_vat)


def below_list(list_price: Decimal | None, price: Decimal, discount: Decimal) -> Decimal:
    """By how many percent one piece is below the price list, rounded up; a price above it makes up for nothing.

    What no list prices has no discount but the one it says.
    """
    if list_price is None or list_price <= 0:
        return discount
    paid = min(price, list_price) * (HUNDRED - discount) / HUNDRED
    return ((list_price - paid) * HUNDRED / list_price).quantize(CENT, rounding=ROUND_UP)


def insist_on_limit(below: Decimal, most: Decimal) -> None:
    """Raises DomainError for a discount beyond what this person may give."""
    if below > most:
        allowed = f"up to {most:f} %" if most > 0 else "none"
        raise DomainError(
            f"This is {below:f} % below the list; you may give {allowed}. Somebody who may give more can.",
            field="discount",
        )


def in_own_terms(amount: Decimal, *, includes_vat: bool, rate: Decimal) -> Decimal:
    """An amount with VAT in it as the price of a product whose prices hold VAT, or do not."""
    return cents(amount) if includes_vat else vat.split(amount, rate, True).excl


def details_of(given: dict[str, str]) -> dict[str, str]:
    """Of what was typed the known fields that hold anything; an unknown one is a mistake of the caller."""
    if unknown := set(given) - set(DETAILS):
        raise ValueError(f"No such detail: {', '.join(sorted(unknown))}.")
    return {name: text for name in DETAILS if (text := given.get(name, "").strip())}


def reminders_due(sent_on: date, today: date, days: Sequence[int]) -> int:
    """How many follow-ups are due by today."""
    return sum(sent_on + timedelta(days=after) <= today for after in days)


def total(parts: Sequence[vat.Amounts]) -> vat.Amounts:
    """Lines together."""
    return vat.Amounts(*(sum((part[n] for part in parts), ZERO) for n in range(3)))
