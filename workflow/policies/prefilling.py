"""What is known of a new customer: the lead's words and those of the customer, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.policies import phones

NAMES = ("company_name", "first_names", "surname", "contact_name")
NUMBERS = ("id_number", "registration_number", "vat_number")
PHONES = ("phone", "other_phone")
PLACE = ("lines", "suburb", "town", "postal_code")
PHYSICAL = (*(f"physical_{name}" for name in PLACE), "physical_directions")
POSTAL = tuple(f"postal_{name}" for name in PLACE)
COORDINATES = "Coordinates: "
KEYS = ("kind", *NAMES, "email", *PHONES, *NUMBERS, *PHYSICAL, *POSTAL, "payment_method")


@dataclass(frozen=True, slots=True)
class Known:
    """`values` by the keys of an acceptance's details; `other` is what the lead says where the customer said
    something else."""

    values: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)

    def place(self, kind: str) -> dict[str, str]:
        """The physical or the postal address, by its fields."""
        start = f"{kind}_"
        return {key.removeprefix(start): text for key, text in self.values.items() if key.startswith(start)}

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")


def together(lead: Mapping[str, str], accepted: Mapping[str, str]) -> Known:
    """What the customer completed when accepting counts before the lead."""
    values = {key: _tidy(key, accepted.get(key, "")) or _tidy(key, lead.get(key, "")) for key in KEYS}
    other = {key: lead[key] for key in KEYS if _differs(key, lead.get(key, ""), accepted.get(key, ""))}
    return Known(values, other)


def _tidy(key: str, text: str) -> str:
    number = phones.read_number(text) if key in PHONES else None
    return number.e164 if number else text.strip()


def _differs(key: str, lead: str, accepted: str) -> bool:
    """Whether both say something, and not the same thing in other shapes."""
    if not lead.strip() or not accepted.strip():
        return False
    return _folded(key, lead) != _folded(key, accepted)


def _folded(key: str, text: str) -> str:
    return " ".join(_tidy(key, text).casefold().replace(",", " ").split())


def without_coordinates(directions: str) -> str:
    """Directions as a lead has them, which keeps its coordinates apart."""
    kept = (line for line in directions.splitlines() if not line.startswith(COORDINATES))
    return "\n".join(kept).strip()
