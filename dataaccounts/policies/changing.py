"""What a change of package means for the bills of its month, before it is made. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill.money import ZERO, cents
from herotill.months import Month


@dataclass(frozen=True, slots=True)
class Difference:
    """Prices a month before and after, and the month of the change: its days at each, and what they come to.

    None where nothing is billed (prepaid, staff) or no price is known.
    """

    day: date
    before: Decimal
    after: Decimal
    days_before: int
    days_after: int
    month: Month

    @property
    def a_month(self) -> Decimal:
        """How much more a month costs from then on."""
        return self.after - self.before

    @property
    def part_before(self) -> Decimal:
        return cents(self.before * self.days_before / self.month.length)

    @property
    def part_after(self) -> Decimal:
        return cents(self.after * self.days_after / self.month.length)

    @property
    def this_month(self) -> Decimal:
        """What the month of the change comes to."""
        return self.part_before + self.part_after

    @property
    def more_this_month(self) -> Decimal:
        return self.this_month - self.before


def difference(
    *,
    day: date,
    before: Decimal | None,
    after: Decimal | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Difference:
    """What changing on `day` means, by calendar days; a price that is None counts as nothing.

    Days before the account's first and after its last are not counted.
    """
    month = Month.of(day)
    first = max(month.first, starts_on or month.first)
    last = min(month.last, ends_on or month.last)
    return Difference(
        day=day,
        before=ZERO if before is None else before,
        after=ZERO if after is None else after,
        days_before=max((day - first).days, 0),
        days_after=max((last - max(day, first)).days + 1, 0),
        month=month,
    )
