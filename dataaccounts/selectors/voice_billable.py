"""Voice lines as the run bills them: the rental of each line every month, and the calls nobody charged yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from herotill.billable import Billable, OwnPrice
from herotill.bulk import array_of_ids

RENTAL, CALLS = "voiceline", "calls"
APART = 1_000_000_000_000
PLACE = 1_000_000_000_000_000
# A line is one thing from its first day on, and after each change of what it is sold as another.
_LINES = f"""
SELECT CASE WHEN s.after IS NULL THEN l.id ELSE {APART} + s.after END, l.id, l.customer_id,
       coalesce(p.product_id, CASE WHEN s.rental IS NOT NULL THEN p.calls_product_id END),
       p.name || ' +' || l.number, s.begins, s.ends, s.rental, d.price_includes_vat, d.vat_class, d.pro_rata
FROM dataaccounts_voiceline l
CROSS JOIN LATERAL (
    SELECT lag(t.id) OVER w AS after, coalesce(lag(t.ends_on) OVER w + 1, l.starts_on) AS begins,
        least(t.ends_on, l.ends_on) AS ends, t.package_id, t.rental
    FROM (SELECT id, ends_on, package_id, rental FROM dataaccounts_voiceterm WHERE line_id = l.id
          UNION ALL SELECT NULL, NULL, l.package_id, l.rental) t
    WINDOW w AS (ORDER BY t.ends_on NULLS LAST)
) s
JOIN dataaccounts_voicepackage p ON p.id = s.package_id
JOIN reference_product d ON d.id = coalesce(p.product_id, p.calls_product_id)
WHERE l.customer_id = ANY (%(customers)s) AND l.state <> 'waiting' AND NOT l.never_active
  AND (p.product_id IS NOT NULL OR s.rental IS NOT NULL)
  AND s.begins <= %(last)s AND (s.ends IS NULL OR s.ends >= greatest(s.begins, %(first)s::date))
ORDER BY l.customer_id, l.id, s.begins
"""
# A charge stands for the calls it took, so that asking again finds the same; the rest of a month is another.
_CALLS = """
WITH ours AS (
    SELECT l.id, l.customer_id, l.number, p.calls_product_id, d.vat_class
    FROM dataaccounts_voiceline l
    JOIN dataaccounts_voicepackage p ON p.id = l.package_id
    JOIN reference_product d ON d.id = p.calls_product_id
    WHERE l.customer_id = ANY (%(customers)s)
), called AS (
    SELECT c.line_id, date_trunc('month', c.day)::date AS month, count(*) AS calls, min(c.day) AS first_on,
        max(c.day) AS last_on, round(sum(c.price), 2) AS price
    FROM dataaccounts_call c JOIN ours o ON o.id = c.line_id
    WHERE c.charge_id IS NULL AND c.day <= %(last)s GROUP BY 1, 2
), told AS (
    SELECT line_id, month, place, calls, first_on, last_on, price FROM dataaccounts_callcharge
    WHERE line_id IN (SELECT id FROM ours) AND month BETWEEN date_trunc('month', %(first)s::date) AND %(last)s
    UNION ALL
    SELECT c.line_id, c.month, (SELECT coalesce(max(g.place) + 1, 0) FROM dataaccounts_callcharge g
        WHERE g.line_id = c.line_id AND g.month = c.month), c.calls, c.first_on, c.last_on, c.price FROM called c
)
SELECT o.id, o.customer_id, o.calls_product_id, o.number, o.vat_class, t.month, t.place, t.calls, t.first_on, t.last_on,
    t.price
FROM told t JOIN ours o ON o.id = t.line_id WHERE t.price > 0 ORDER BY o.customer_id, o.id, t.month, t.place
"""


def _asked(statement: str, customers: Sequence[int], first: date, last: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"customers": array_of_ids(customers), "first": first, "last": last})
        return cursor.fetchall()


def rentals(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """The lines of these customers with days between the two that cost something a month; one statement."""
    for name, line, customer, product, text, begins, ends, rental, with_vat, vat_class, pro_rata in _asked(
        _LINES, customers, first, last
    ):
        yield Billable(
            RENTAL,
            name,
            customer,
            product,
            text,
            begins,
            prices=() if rental is None else (OwnPrice(begins, rental, agreed=True),),
            includes_vat=with_vat,
            vat_class=vat_class,
            pro_rata=pro_rata,
            ends_on=ends,
            one_of=line,
        )


def calls(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """What these customers' lines called up to a day and nobody charged: one thing a line and month.

    Calls that come later are another thing, of the same month.
    """
    for line, customer, product, number, vat_class, month, place, count, begun, ended, price in _asked(
        _CALLS, customers, first, last
    ):
        yield Billable(
            CALLS,
            named(line, month, place),
            customer,
            product,
            in_words(number, count, begun, ended),
            month,
            prices=(OwnPrice(month, Decimal(price), agreed=True),),
            includes_vat=False,
            vat_class=vat_class,
            pro_rata="full",
            once=True,
            says_days=True,
        )


def named(line: int, month: date, place: int = 0) -> int:
    """What the calls of a line in a month are called: 12201809 is line 12 in September 2018.

    What came late has its place before that, from 1 on, with fifteen figures after it.
    """
    return place * PLACE + line * 1_000_000 + month.year * 100 + month.month


def line_named(name: int) -> int:
    """The line whose calls are called so."""
    return name % PLACE // 1_000_000


def place_named(name: int) -> int:
    """The place among the charges of its month."""
    return name // PLACE


def in_words(number: str, count: int, first: date, last: date) -> str:
    """`Calls of +27871234567, 2018-08-01 to 2018-08-31 (42 calls)`."""
    days = f"{first} to {last}" if last != first else f"{first}"
    return f"Calls of +{number}, {days} ({count:,} call{'' if count == 1 else 's'})"
