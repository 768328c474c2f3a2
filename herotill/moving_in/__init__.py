"""Moving in from another system: the steps in their order, each proved by figures, and billing off until signed.

Apps register their steps from `wiring.py`; what a step brings is an import (`herotill.imports`), which can be
taken back. A move is a row; while one is open the database refuses to issue anything of our own, and services
say so first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill.errors import DomainError
from herotill.models import MovingIn
from herotill.registry import Registry

BILLING_IS_OFF = (
    "We are moving in from another system: billing is off until Setup › Moving in is signed or called off."
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of something there are, and what they come to in rand where that says something."""

    count: int
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to bring over. `ours` counts what is here, as on a day; `imports` names the kind of import that brings it.

    `with_amount` says that the old system's amount is asked beside its count, as `amount_label`; where the two
    systems may rightly come to other cents it is `amount_optional`. `about` says what to bring and what not.
    """

    name: str
    title: str
    about: str
    ours: Callable[[date], Tally]
    imports: str
    with_amount: bool = False
    amount_label: str = "What they come to, in rand"
    amount_optional: bool = False
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What must be so beside the figures before a move is signed; `holds` asks, `url_name` is where it is seen to."""

    name: str
    title: str
    about: str
    holds: Callable[[], bool]
    url_name: str
    order: int = 100


steps: Registry[Step] = Registry("step of moving in")
proofs: Registry[Proof] = Registry("proof of moving in")


def current() -> MovingIn | None:
    """The move that is under way."""
    return MovingIn.objects.filter(MovingIn.OPEN).select_related("began_by").first()


def want_billing_on() -> None:
    """Raises DomainError while we move in."""
    if MovingIn.objects.filter(MovingIn.OPEN).exists():
        raise DomainError(BILLING_IS_OFF)
