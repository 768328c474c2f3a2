"""Whether a promise to pay is kept or broken. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from herotill import business_days

OPEN, KEPT, BROKEN = "open", "kept", "broken"


class Since(NamedTuple):
    """What happened since a promise was made: what came in by its day, and what of it is still owed.

    `owed` is what was posted when it was made and falls due by its day, less credit; `undisputed` is that
    without documents whose dispute waits for an answer.
    """

    came: Decimal
    owed: Decimal
    undisputed: Decimal


def is_over(by_day: date, day: date) -> bool:
    """Whether a whole business day has gone since: a payment of the day itself is on the statement of the next."""
    return business_days.after(by_day, 1) < day


def decided(amount: Decimal, by_day: date, since: Since, day: date) -> str:
    """Kept once what came in reaches the amount or nothing is owed of it; broken once it is over and neither."""
    if since.came >= amount or since.owed <= 0:
        return KEPT
    return BROKEN if is_over(by_day, day) and since.undisputed > 0 else OPEN
