"""The cards of a lead's page: each slice of the workflow adds its own, and sees none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from herotill.registry import Registry
from herotill.users.models import User
from workflow.models import Lead


@dataclass(frozen=True, slots=True)
class LeadCard:
    """One card. `context` gets the lead and the person and gives what the template shows; None leaves it out.

    The template extends `workflow/leads/_card.html` and fills its blocks `acts`, `body` and `foot`; it sees
    `lead` and `card` beside what `context` gave. Who does not hold `permission` sees no card.
    """

    name: str
    title: str
    permission: str
    template: str
    context: Callable[[Lead, User], dict[str, Any] | None]
    order: int = 100
    aside: bool = False


lead_cards: Registry[LeadCard] = Registry("lead card")
