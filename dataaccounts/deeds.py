"""Deeds that apps above put on cards of data accounts: a button that opens a dialog of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.models import Customer
from herotill.access import may
from herotill.registry import Registry
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class CardDeed:
    """A button on the card named `card`; `url` leads to its dialog for a customer."""

    name: str
    card: str
    label: str
    permission: str
    url: Callable[[Customer], str]
    order: int = 100


card_deeds: Registry[CardDeed] = Registry("deed on a card")


def offered(card: str, customer: Customer, person: User) -> list[dict[str, str]]:
    """The buttons of a card that this person may press."""
    return [
        {"name": one.name, "label": one.label, "url": one.url(customer)}
        for one in card_deeds
        if one.card == card and may(person, one.permission)
    ]
