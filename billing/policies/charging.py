"""What one billable thing costs in one month: its charges, each a line to be. Pure.

Days count by the calendar. Every stretch of days at one price, discount and VAT rate is a charge of its own;
the charges at one price add up to the cent to what their days cost together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import NamedTuple

from billing.policies.pricing import (
    NEVER,
    Dated,
    Notices,
    PriceBook,
    Step,
    Steps,
    Timeline,
    allowed_from,
    relevant,
    steps,
    with_own,
)
from herotill.billable import Billable, Days, ProRata
from herotill.money import ZERO, cents
from herotill.months import Month
from herotill.vat import HUNDRED, Rates, split

DAY = timedelta(days=1)


class Charge(NamedTuple):
    """One charge. `words` follow the thing's own text on the line; amounts in rand, excl + vat == incl."""

    first: date
    last: date
    words: str
    unit_price: Decimal
    discount: Decimal
    vat_class: str
    vat_rate: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal


class Bill(NamedTuple):
    """The charges of one thing in one month, and what a person should know of it.

    `remarks` are: part (not all days), held, price (changes within), vat (rate changes within), no_price,
    no_notice (a rise waits for its notice), fixed (a rise waits for the end of a fixed term), once.
    """

    charges: tuple[Charge, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def incl(self) -> Decimal:
        return sum((charge.incl for charge in self.charges), ZERO)


NOTHING = Bill()


class Terms(NamedTuple):
    """All that the charges of a month depend on, so that equal things are reckoned once."""

    first: date
    last: date
    holds: tuple[Days, ...]
    steps: tuple[Step, ...]
    quantity: Decimal
    discount: Decimal
    discount_until: date | None
    includes_vat: bool
    vat_class: str
    pro_rata: ProRata
    once: bool


class Stretch(NamedTuple):
    """Days over which everything is the same."""

    first: date
    last: date
    price: Decimal
    discount: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Reckoner:
    """Reckons the charges of one month. `notices` say when rises of prices were announced to customers.

    Equal things are reckoned once: a hundred thousand customers have a few dozen kinds of months.
    """

    def __init__(
        self, month: Month, prices: PriceBook, rates: Rates, notices: Notices, notice_days: int
    ) -> None:
        self.month, self.first, self.last = month, month.first, month.last
        self.prices, self.rates, self.notices, self.notice_days = prices, rates, notices, notice_days
        self._bills: dict[Terms, Bill] = {}
        self._listed: dict[tuple[int | None, int | None], Steps] = {}

    def served(self, item: Billable) -> Days | None:
        """The days of the month on which there is something to bill, holds aside."""
        begins = item.starts_on
        if item.bill_from and item.bill_from > begins:
            begins = item.bill_from
        if item.once:
            due = self.first <= item.starts_on <= self.last and begins == item.starts_on
            return Days(begins, begins) if due else None
        first = begins if begins > self.first else self.first
        last = item.ends_on if item.ends_on and item.ends_on < self.last else self.last
        return Days(first, last) if first <= last else None

    def bill(self, item: Billable, *, price_list: int | None, holds: Sequence[Days] = ()) -> Bill:
        """The charges of `item` in this month, whatever was billed before. `holds` are the customer's own."""
        span = self.served(item)
        if span is None:
            return NOTHING
        found = self._steps(item, price_list)
        held: tuple[Days, ...] = ()
        if item.holds or holds:
            every = (*item.holds, *holds)
            held = tuple(sorted(one for one in every if one.first <= span.last and one.last >= span.first))
        until = item.discount_until if item.discount_until and item.discount_until < span.last else None
        terms = Terms(
            span.first,
            span.last,
            held,
            found.steps,
            item.quantity,
            item.discount,
            until,
            item.includes_vat,
            item.vat_class,
            item.pro_rata,
            item.once,
        )
        bill = self._bills.get(terms)
        if bill is None:
            bill = self._bills[terms] = reckon(terms, self.month, self.rates)
        return Bill(bill.charges, (*bill.remarks, found.waits)) if found.waits else bill

    def _steps(self, item: Billable, price_list: int | None) -> Steps:
        listed = self.prices.of(item.product_id, price_list)
        if item.prices:
            return self._dated(item, with_own(item.prices, listed))
        if len(listed) > 1:
            return self._dated(item, listed)
        key = (item.product_id, price_list)
        found = self._listed.get(key)
        if found is None:
            found = self._listed[key] = steps(listed, (NEVER,) * len(listed), None, self.first, self.last)
        return found

    def _dated(self, item: Billable, timeline: Timeline) -> Steps:
        timeline = relevant(timeline, max(item.starts_on, item.bill_from or item.starts_on))
        if len(timeline) < 2 or item.once:
            allowed: tuple[date, ...] = (NEVER,) * len(timeline)
        else:
            allowed = tuple(self._allowed(price, item) for price in timeline)
        return steps(timeline, allowed, item.fixed_until, self.first, self.last)

    def _allowed(self, price: Dated, item: Billable) -> date:
        return allowed_from(
            price,
            customer=item.customer_id,
            source=item.source,
            notices=self.notices,
            notice_days=self.notice_days,
            fixed_until=item.fixed_until,
        )


def reckon(terms: Terms, month: Month, rates: Rates) -> Bill:
    """The charges of a month."""
    if terms.once:
        return _once(terms, rates)
    free = unheld(Days(terms.first, terms.last), terms.holds)
    remarks = ["held"] if terms.holds else []
    if not free:
        return Bill((), tuple(remarks))
    whole = free == [Days(month.first, month.last)]
    if not whole:
        remarks.append("part")
    if terms.pro_rata == "none" and not whole:
        return Bill((), tuple(remarks))
    if terms.pro_rata == "daily":
        stretches = [part for days in free for part in _cut(days, terms)]
        charges = _by_days(stretches, terms, month, rates)
    else:
        charges = _whole(Days(free[0].first, free[-1].last), terms, month, rates)
    return Bill(tuple(charge for charge in charges if charge.incl), (*remarks, *_noted(charges, terms, free)))


def unheld(days: Days, holds: Iterable[Days]) -> list[Days]:
    """The stretches of `days` that no hold covers; `holds` in their order."""
    free, first = [], days.first
    for hold in holds:
        if hold.first > first:
            free.append(Days(first, min(hold.first - DAY, days.last)))
        first = max(first, hold.last + DAY)
    if first <= days.last:
        free.append(Days(first, days.last))
    return free


def _noted(charges: Sequence[Charge], terms: Terms, free: Sequence[Days]) -> list[str]:
    last = free[-1].last
    noted = []
    if not any(step.first <= last for step in terms.steps):
        noted.append("no_price")
    if len({charge.unit_price for charge in charges}) > 1:
        noted.append("price")
    if len({(charge.vat_class, charge.vat_rate) for charge in charges}) > 1:
        noted.append("vat")
    return noted


def _once(terms: Terms, rates: Rates) -> Bill:
    price = _price_on(terms.first, terms)
    if price is None:
        return Bill((), ("once", "no_price"))
    discount = _discount_on(terms.first, terms)
    tax = rates.tax(terms.vat_class, terms.first)
    amounts = split(_worth(price, discount, terms), tax.rate, terms.includes_vat)
    charge = Charge(terms.first, terms.first, "", price, discount, *tax, *amounts)
    return Bill((charge,) if charge.incl else (), ("once",))


def _price_on(day: date, terms: Terms) -> Decimal | None:
    begun = [step.amount for step in terms.steps if step.first <= day]
    return begun[-1] if begun else None


def _discount_on(day: date, terms: Terms) -> Decimal:
    return terms.discount if terms.discount_until is None or day <= terms.discount_until else ZERO


def _worth(price: Decimal, discount: Decimal, terms: Terms) -> Decimal:
    """What a whole month costs, in the terms of the price, not rounded."""
    return price * terms.quantity * (HUNDRED - discount) / HUNDRED


def _cut(days: Days, terms: Terms) -> list[Stretch]:
    """The stretches of one price and one discount; days before the first price cost nothing."""
    changes = {step.first for step in terms.steps}
    if terms.discount_until:
        changes.add(terms.discount_until + DAY)
    cuts = [days.first, *sorted(day for day in changes if days.first < day <= days.last), days.last + DAY]
    return [
        Stretch(first, after - DAY, price, _discount_on(first, terms))
        for first, after in pairwise(cuts)
        if (price := _price_on(first, terms)) is not None
    ]


def _by_days(stretches: Sequence[Stretch], terms: Terms, month: Month, rates: Rates) -> list[Charge]:
    def alike(stretch: Stretch) -> tuple[Decimal, Decimal]:
        return stretch.price, stretch.discount

    charges: list[Charge] = []
    for (price, discount), of_price in groupby(sorted(stretches, key=alike), key=alike):
        parts = list(of_price)
        days = sum(part.days for part in parts)
        total = cents(_worth(price, discount, terms) * days / month.length)
        charges += _shared(total, parts, terms, month, rates)
    return sorted(charges)


def _whole(span: Days, terms: Terms, month: Month, rates: Rates) -> list[Charge]:
    price = _price_on(span.first, terms)
    if price is None:
        return []
    stretch = Stretch(span.first, span.last, price, _discount_on(span.first, terms))
    total = cents(_worth(price, stretch.discount, terms))
    return _shared(total, [stretch], terms, month, rates, full=True)


def _shared(
    total: Decimal,
    parts: Sequence[Stretch],
    terms: Terms,
    month: Month,
    rates: Rates,
    *,
    full: bool = False,
) -> list[Charge]:
    """`total` shared out by days over stretches at one price, each cut where VAT changes; the last takes the rest."""
    taxed = [
        (part, days) for part in parts for days in rates.stretches(part.first, part.last, terms.vat_class)
    ]
    all_days = sum(part.days for part in parts)
    charges, left = [], total
    for place, (part, days) in enumerate(taxed, start=1):
        count = (days.last - days.first).days + 1
        given = left if place == len(taxed) else cents(total * count / all_days)
        left -= given
        amounts = split(given, days.tax.rate, terms.includes_vat)
        words = in_words(Days(days.first, days.last), month, full=full)
        charges.append(Charge(days.first, days.last, words, part.price, part.discount, *days.tax, *amounts))
    return charges


def in_words(days: Days, month: Month, *, full: bool = False) -> str:
    """What a line says of its days: `, Aug 2018`, or for a part `, 1 to 15 Aug 2018 (15 of 31 days)`.

    `full`: the days do not count, a month begun is charged whole.
    """
    if days == (month.first, month.last):
        return f", {month.label}"
    count = (days.last - days.first).days + 1
    shown = f"{days.first.day} to {days.last.day}" if count > 1 else str(days.first.day)
    said = "full month" if full else f"{count} of {month.length} days"
    return f", {shown} {month.label} ({said})"
