"""Deeds that apps above put on cards of the profile: a button that opens a dialog of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.models import Customer
from herotill.access import may
from herotill.registry import Registry
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class CardDeed:
    """A button on the card named `card`; `url` leads to its dialog for a customer.

    `foot` ones stand at the card's foot by themselves, the others where the card puts them. `fits` says whether
    there is anything to do for a customer.
    """

    name: str
    card: str
    label: str
    permission: str
    url: Callable[[Customer], str]
    order: int = 100
    foot: bool = False
    fits: Callable[[Customer], bool] | None = None


card_deeds: Registry[CardDeed] = Registry("deed on a card")


def offered(card: str, customer: Customer, person: User, *, foot: bool = False) -> list[dict[str, str]]:
    """The buttons of a card that this person may press."""
    return [
        {"name": one.name, "label": one.label, "url": one.url(customer)}
        for one in card_deeds
        if (one.card, one.foot) == (card, foot)
        and may(person, one.permission)
        and (one.fits is None or one.fits(customer))
    ]
