"""A calendar month, as billing means it: dates, never instants."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month: `Month(2018, 8)`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, self.length)

    @property
    def length(self) -> int:
        """The number of days in it."""
        return monthrange(self.year, self.number)[1]

    def plus(self, months: int) -> Month:
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    @property
    def next(self) -> Month:
        return self.plus(1)

    @property
    def label(self) -> str:
        """`Aug 2018`."""
        return self.first.strftime("%b %Y")

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.length)]

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
