"""What a rental contract comes to: its last day, its notices, and what is owed when it ends early."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from herotill import business_days
from herotill.money import ZERO, cents, rand
from herotill.months import Month

# Rule 28: a consumer hears of the end of the term so many business days before it.
EARLIEST, LATEST = 80, 40
DAY = timedelta(days=1)
HUNDRED = Decimal(100)


class Terms(Protocol):
    """What a contract says about its end."""

    starts_on: date
    ends_on: date | None
    ending: str
    ending_percent: Decimal
    ending_amount: Decimal
    notice_days: int


class Penalty(NamedTuple):
    """What is owed for ending early, including VAT, and how it was found."""

    amount: Decimal
    how: str


def last_day(starts_on: date, months: int) -> date:
    """The last day of a term: 12 months from 2018-03-15 end on 2019-03-14."""
    then = Month.of(starts_on).plus(months)
    return date(then.year, then.number, min(starts_on.day, then.length)) - DAY


def telling_window(ends_on: date) -> tuple[date, date]:
    """The days between which the end of a term is announced: 80 to 40 business days before it."""
    return business_days.before(ends_on, EARLIEST), business_days.before(ends_on, LATEST)


def anniversary(starts_on: date, after: date) -> date:
    """The first day a full number of years after `starts_on` that comes after a day."""
    year = max(after.year, starts_on.year + 1)
    found = _in_year(starts_on, year)
    return found if found > after else _in_year(starts_on, year + 1)


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, Month(year, day.month).length))


def penalty(terms: Terms, *, told_on: date, last: date, monthly: Decimal) -> Penalty:
    """What ending on `last` costs when it was said on `told_on`; `monthly` is the price of a month.

    After the end of the term, and where there is none, only notice that was not given can cost.
    """
    if terms.ending == "notice":
        return _notice(terms, told_on, last, monthly)
    if terms.ends_on is None or last >= terms.ends_on:
        return Penalty(ZERO, "The term is over.")
    by_rule: Mapping[str, Penalty] = {
        "remaining": _remaining(terms, last, monthly),
        "fixed": Penalty(terms.ending_amount, f"A fixed amount of {rand(terms.ending_amount)}."),
    }
    return by_rule.get(terms.ending, Penalty(ZERO, "The contract asks nothing."))


def months_left(ends_on: date, last: date) -> int:
    """Whole months of the term that come after `last`; a month begun counts as used."""
    months = (ends_on.year - last.year) * 12 + ends_on.month - last.month
    return max(0, months - (ends_on.day < last.day))


def _remaining(terms: Terms, last: date, monthly: Decimal) -> Penalty:
    left = months_left(terms.ends_on, last) if terms.ends_on else 0
    amount = cents(monthly * left * terms.ending_percent / HUNDRED)
    months = "1 month" if left == 1 else f"{left} months"
    return Penalty(amount, f"{terms.ending_percent.normalize():f} % of {months} of {rand(monthly)}.")


def _notice(terms: Terms, told_on: date, last: date, monthly: Decimal) -> Penalty:
    wanted = told_on + timedelta(days=terms.notice_days)
    missing = max(0, (wanted - last).days)
    amount = cents(monthly * 12 * missing / Decimal(365))
    days = "1 day" if missing == 1 else f"{missing} days"
    return Penalty(amount, f"{days} of notice were not given, at {rand(monthly)} a month.")
