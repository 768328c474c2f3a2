"""Where was called most, by destination: calls, minutes, what they cost us and brought in. One bounded statement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections

from herotill.money import ZERO, cents
from herotill.months import Month
from herotill.reading import reading

MOST = 10_000
# The sums of all come with each row, whatever the limit leaves out.
_BY_DESTINATION = """
SELECT c.destination, c.call_class, count(*), sum(c.seconds)::bigint, sum(c.cost), sum(c.price),
    sum(count(*)) OVER ()::bigint, sum(sum(c.seconds)) OVER ()::bigint, sum(sum(c.cost)) OVER (),
    sum(sum(c.price)) OVER ()
FROM dataaccounts_call c {joins}
WHERE c.day BETWEEN %(first)s AND %(last)s {narrowed}
GROUP BY c.destination, c.call_class ORDER BY sum(c.price) DESC, sum(c.cost) DESC, 1, 2 LIMIT %(limit)s
"""
_LINES = "JOIN dataaccounts_voiceline l ON l.id = c.line_id"
_CUSTOMERS = f"{_LINES} JOIN customers_customer k ON k.id = l.customer_id"
_NARROWED = {
    "line": "l.number = %(line)s",
    "customer": "l.customer_id = %(customer)s",
    "group": "k.group_id = %(group)s",
}


class Place(NamedTuple):
    """What was called at a destination, or anywhere. In rand, exclusive of VAT."""

    destination: str
    call_class: str
    calls: int
    seconds: int
    exact_cost: Decimal
    exact_price: Decimal

    @property
    def minutes(self) -> Decimal:
        return cents(Decimal(self.seconds) / 60)

    @property
    def cost(self) -> Decimal:
        return cents(self.exact_cost)

    @property
    def price(self) -> Decimal:
        return cents(self.exact_price)

    @property
    def markup(self) -> Decimal:
        return self.price - self.cost


NOTHING = Place("", "", 0, 0, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Places:
    """Destinations, those that brought in most first, and all of them together, those left out too."""

    rows: list[Place]
    total: Place


def by_destination(*, first: Month, last: Month, limit: int, **narrowed: Any) -> Places:
    """Calls of these months; with a `line` (its number), `customer` or `group` (their ids) only of theirs."""
    asked = {name: value for name, value in narrowed.items() if value}
    joins = _CUSTOMERS if "group" in asked else _LINES if asked else ""
    conditions = "".join(f" AND {_NARROWED[name]}" for name in asked)
    values = {"first": first.first, "last": last.last, "limit": min(limit, MOST), **asked}
    with connections[reading()].cursor() as cursor:
        cursor.execute(_BY_DESTINATION.format(joins=joins, narrowed=conditions), values)
        found = cursor.fetchall()
    total = Place("", "", *found[0][6:]) if found else NOTHING
    return Places([Place(*row[:6]) for row in found], total)
