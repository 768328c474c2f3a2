"""Which price counts for one billable thing on the days of a month, and from when a rise may count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from herotill.billable import OwnPrice
from herotill.months import Month

NEVER = date.max
Why = Literal["", "no_notice", "fixed"]
NoticeKey = tuple[int, str, int]  # customer, "price" of a list or the source whose own it is, its id
# The day on which a notice of a price was sent, by customer and price.
Notices = Mapping[NoticeKey, date]


class Dated(NamedTuple):
    """A price from a day on; `own` are the thing's own, the others a price list's or everybody's."""

    starts_on: date
    amount: Decimal
    id: int = 0
    agreed: bool = False
    own: bool = False


Timeline = tuple[Dated, ...]


class Step(NamedTuple):
    """The price a unit from a day of the month on."""

    first: date
    amount: Decimal


class Steps(NamedTuple):
    """The prices of a month in their order; `waits` says why a rise that has come does not count on its last day."""

    steps: tuple[Step, ...]
    waits: Why = ""


class PriceBook:
    """The dated prices of all products and lists, held in memory."""

    def __init__(self, rows: Iterable[tuple[int, int | None, date, Decimal, int]]) -> None:
        """Rows of product, list (None: everybody), day, amount and id, in the order of their days."""
        self._dated: dict[tuple[int, int | None], list[Dated]] = {}
        self._joined: dict[tuple[int, int | None], Timeline] = {}
        for product, price_list, day, amount, pk in rows:
            self._dated.setdefault((product, price_list), []).append(Dated(day, amount, pk))

    def of(self, product: int | None, price_list: int | None) -> Timeline:
        """Everybody's prices until the list has its first, then the list's."""
        if product is None:
            return ()
        key = (product, price_list)
        found = self._joined.get(key)
        if found is None:
            everybody = self._dated.get((product, None), [])
            listed = self._dated.get(key, []) if price_list is not None else []
            found = self._joined[key] = until(everybody, listed)
        return found


def until(before: Iterable[Dated], after: Iterable[Dated]) -> Timeline:
    """The prices of `after`, and those of `before` that begin earlier."""
    later = tuple(after)
    begins = later[0].starts_on if later else NEVER
    return (*(price for price in before if price.starts_on < begins), *later)


def with_own(own: Iterable[OwnPrice], listed: Timeline) -> Timeline:
    """The listed prices until the thing has its first own, then its own; after one without amount the listed."""
    timeline = listed
    for price in own:
        timeline = until(timeline, _from(price, listed))
    return timeline


def _from(price: OwnPrice, listed: Timeline) -> Iterator[Dated]:
    """What an own price begins. The listed price it goes back to is announced as the thing's own."""
    amount = price.amount
    if amount is None:
        amount = next((one.amount for one in reversed(listed) if one.starts_on <= price.starts_on), None)
    if amount is not None:
        yield Dated(price.starts_on, amount, price.id, price.agreed, True)
    if price.amount is None:
        yield from (one for one in listed if one.starts_on > price.starts_on)


def relevant(timeline: Timeline, base: date) -> Timeline:
    """The price that counts on the day the thing begins (the first to come, if none does yet) and those after."""
    begun = 0
    for place, price in enumerate(timeline):
        if price.starts_on <= base:
            begun = place
    return timeline[begun:]


def allowed_from(
    price: Dated,
    *,
    customer: int,
    source: str,
    notices: Notices,
    notice_days: int,
    fixed_until: date | None,
) -> date:
    """The day from which `price` counts if it is a rise (s28); NEVER where it was not announced.

    From the first month that begins `notice_days` after the notice was sent, and after the fixed term.
    """
    if price.agreed:
        return price.starts_on
    sent = notices.get((customer, source if price.own else "price", price.id))
    if sent is None:
        return NEVER
    day = max(price.starts_on, first_month_from(sent + timedelta(days=notice_days)))
    if fixed_until and price.starts_on <= fixed_until:
        day = max(day, first_month_from(fixed_until + timedelta(days=1)))
    return day


@lru_cache(maxsize=10_000)
def first_month_from(day: date) -> date:
    """The first day of the first month that begins on `day` or after it."""
    month = Month.of(day)
    return day if day.day == 1 else month.next.first


def on(day: date, prices: Timeline, allowed: tuple[date, ...]) -> Decimal | None:
    """The price on a day: the newest, but that a rise counts only from the day it is allowed."""
    amount: Decimal | None = None
    for price, rise_from in zip(prices, allowed, strict=True):
        if price.starts_on > day:
            break
        if amount is None or price.amount <= amount or rise_from <= day:
            amount = price.amount
    return amount


@lru_cache(maxsize=50_000)
def steps(
    prices: Timeline, allowed: tuple[date, ...], fixed_until: date | None, first: date, last: date
) -> Steps:
    """The prices from `first` to `last`, and why a rise waits on the last day if one does."""
    days = {first, *(price.starts_on for price in prices), *allowed}
    found: list[Step] = []
    for day in sorted(day for day in days if first <= day <= last):
        amount = on(day, prices, allowed)
        if amount is not None and (not found or found[-1].amount != amount):
            found.append(Step(day, amount))
    wanted = on(last, prices, tuple(price.starts_on for price in prices))
    paid = on(last, prices, allowed)
    if wanted is None or wanted == paid:
        return Steps(tuple(found))
    return Steps(tuple(found), "fixed" if fixed_until and fixed_until >= first else "no_notice")
