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
# A charge of the month stands for the calls it took, so that asking again finds the same.
_CALLS = """
SELECT l.id, l.customer_id, p.calls_product_id, l.number, d.vat_class,
       coalesce(g.calls, c.calls), coalesce(g.first_on, c.first_on), coalesce(g.last_on, c.last_on),
       coalesce(g.price, c.price)
FROM dataaccounts_voiceline l
JOIN dataaccounts_voicepackage p ON p.id = l.package_id
JOIN reference_product d ON d.id = p.calls_product_id
LEFT JOIN dataaccounts_callcharge g ON g.line_id = l.id AND g.month = date_trunc('month', %(last)s::date)
CROSS JOIN LATERAL (
    SELECT count(*) AS calls, min(day) AS first_on, max(day) AS last_on, round(sum(price), 2) AS price
    FROM dataaccounts_call WHERE line_id = l.id AND charge_id IS NULL AND day <= %(last)s AND g.id IS NULL
) c
WHERE l.customer_id = ANY (%(customers)s) AND coalesce(g.price, c.price) > 0
ORDER BY l.customer_id, l.id
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
    """What these customers' lines called up to a day and nobody charged: one thing a line, in the last day's month.

    Calls that come later are charged with the next month's.
    """
    for line, customer, product, number, vat_class, count, begun, ended, price in _asked(
        _CALLS, customers, first, last
    ):
        day = last.replace(day=1)
        yield Billable(
            CALLS,
            named(line, day),
            customer,
            product,
            in_words(number, count, begun, ended),
            day,
            prices=(OwnPrice(day, Decimal(price), agreed=True),),
            includes_vat=False,
            vat_class=vat_class,
            pro_rata="full",
            once=True,
        )


def named(line: int, month: date) -> int:
    """What the calls of a line are called that are billed in a month: 12201809 is line 12 in September 2018."""
    return line * 1_000_000 + month.year * 100 + month.month


def line_named(name: int) -> int:
    """The line whose calls are called so."""
    return name // 1_000_000


def in_words(number: str, count: int, first: date, last: date) -> str:
    """`Calls of +27871234567, 2018-08-01 to 2018-08-31 (42 calls)`."""
    days = f"{first} to {last}" if last != first else f"{first}"
    return f"Calls of +{number}, {days} ({count:,} call{'' if count == 1 else 's'})"
