"""What brings back a data account that is suspended for what is overdue.

Kept above this app; whoever suspends for money provides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Restored:
    """Paying `amount` at `url` brings an account back. None: another customer pays, or it is not known how much."""

    amount: Decimal | None
    url: str = ""


Teller = Callable[[int, Sequence[int], date], Mapping[int, Restored]]
_tellers: list[Teller] = [lambda customer, accounts, day: {}]


def provide(teller: Teller) -> None:
    """Say who knows; the last to say so counts."""
    _tellers.append(teller)


def ways(*, customer: int, accounts: Sequence[int], day: date) -> Mapping[int, Restored]:
    """For those of a customer's suspended accounts that money brings back: how much, by account."""
    return _tellers[-1](customer, accounts, day) if accounts else {}
