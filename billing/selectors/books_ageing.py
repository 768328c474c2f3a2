"""What customers owe here beside what they owe by the books kept elsewhere: one join in the database.

What is shown of a hundred thousand customers is their sums and the greatest differences; a file reads all of
them some thousand at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from billing.models import BooksAgeing
from billing.selectors import ageing
from billing.selectors.ageing import Aged, Way
from billing.selectors.cutover import Beside

SHOWN = 200  # differences on the screen

# Theirs with whom each is here, ours as at the same day, and both by customer: who is on one side only is zero
# on the other. Who is none of ours has no code.
_BOTH = """
WITH told AS (
    SELECT b.their_customer, b.name, b.code, k.customer_id, b.days120, b.days90, b.days60, b.days30, b.current
    FROM billing_booksaged b LEFT JOIN billing_bookscustomer k ON k.their_id = b.their_customer
    WHERE b.ageing_id = %(asked)s
), owed (customer_id, days120, days90, days60, days30, current) AS ({ours}),
ours AS (
    SELECT customer_id, coalesce(days120, 0.00) AS days120, coalesce(days90, 0.00) AS days90,
        coalesce(days60, 0.00) AS days60, coalesce(days30, 0.00) AS days30, coalesce(current, 0.00) AS current
    FROM owed WHERE days120 <> 0 OR days90 <> 0 OR days60 <> 0 OR days30 <> 0 OR current <> 0
), beside AS (
    SELECT coalesce(c.code, '') AS code, coalesce(c.name, t.name) AS name,
        coalesce(t.their_customer, k.their_id, '') AS their_id, coalesce(t.code, '') AS carries,
        coalesce(t.days120, 0.00) AS t4, coalesce(t.days90, 0.00) AS t3, coalesce(t.days60, 0.00) AS t2,
        coalesce(t.days30, 0.00) AS t1, coalesce(t.current, 0.00) AS t0,
        coalesce(o.days120, 0.00) AS o4, coalesce(o.days90, 0.00) AS o3, coalesce(o.days60, 0.00) AS o2,
        coalesce(o.days30, 0.00) AS o1, coalesce(o.current, 0.00) AS o0
    FROM told t FULL JOIN ours o ON o.customer_id = t.customer_id
    LEFT JOIN customers_customer c ON c.id = coalesce(o.customer_id, t.customer_id)
    LEFT JOIN billing_bookscustomer k ON k.customer_id = o.customer_id
    WHERE c.id IS NOT NULL OR t.their_customer IS NOT NULL
), both_sides AS (
    SELECT *, o4 + o3 + o2 + o1 + o0 - t4 - t3 - t2 - t1 - t0 AS more FROM beside
)
"""
# Who stands on both sides under one code and is linked on neither: for theirs our code, for ours the ID there.
_ALSO = """
LEFT JOIN (
    SELECT c.code, min(u.their_customer) AS their_id FROM told u JOIN customers_customer c ON c.code = u.code
    WHERE u.customer_id IS NULL AND NOT EXISTS (SELECT FROM billing_bookscustomer k WHERE k.customer_id = c.id)
    GROUP BY c.code
) u ON u.code = CASE WHEN b.code = '' THEN b.carries WHEN b.their_id = '' THEN b.code END
"""
_CELLS = "code, name, their_id, t4, t3, t2, t1, t0, o4, o3, o2, o1, o0"
_SUMMED = (
    _BOTH
    + f"""
SELECT s.*, d.* FROM (
    SELECT count(*), count(*) FILTER (WHERE more <> 0),
        count(*) FILTER (WHERE more = 0 AND (t4, t3, t2, t1, t0) <> (o4, o3, o2, o1, o0)),
        {", ".join(f"coalesce(sum({side}{n}), 0.00)" for side in "to" for n in (4, 3, 2, 1, 0))}
    FROM both_sides
) s LEFT JOIN (
    SELECT {", ".join(f"b.{cell}" for cell in _CELLS.split(", "))},
        CASE WHEN b.code = '' THEN u.code ELSE u.their_id END AS also
    FROM both_sides b {_ALSO} WHERE more <> 0 ORDER BY abs(more) DESC, b.code, b.their_id LIMIT %(shown)s
) d ON true ORDER BY abs(o4 + o3 + o2 + o1 + o0 - t4 - t3 - t2 - t1 - t0) DESC, code, their_id
"""
)
_ALL = _BOTH + f"SELECT {_CELLS} FROM both_sides ORDER BY code = '', code, their_id"
_SUMS = 13  # columns of sums before those of a difference


@dataclass(frozen=True, slots=True)
class Debtor(Beside):
    """One customer here and there. `code` is empty for one there that is none of ours.

    `also` says where the other half of it stands, which is not linked yet: our code, or the ID there.
    """

    their_id: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Debtors:
    """Everybody who owed, or was owed, here or there on the day: how many, and what they come to.

    `differing` owe another total; `aged_otherwise` the same in all, at other ages. `differences` are those with
    another total, the greatest difference first, and not more than `SHOWN`.
    """

    many: int
    differing: int
    aged_otherwise: int
    theirs: Aged
    ours: Aged
    differences: tuple[Debtor, ...]


def newest() -> BooksAgeing | None:
    """What was asked for last."""
    return BooksAgeing.objects.select_related("asked_by").first()


def beside(asked: BooksAgeing) -> Debtors:
    """What was told beside ours as at the same day, with age counted as it is counted there."""
    statement, values = _asked(_SUMMED, asked)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(statement, values | {"shown": SHOWN})
        rows = cursor.fetchall()
    many, differing, aged_otherwise, *sums = rows[0][:_SUMS]
    return Debtors(
        many,
        differing,
        aged_otherwise,
        Aged(*sums[:5]),
        Aged(*sums[5:]),
        tuple(_debtor(*row[_SUMS:]) for row in rows) if differing else (),
    )


class Everybody:
    """All of them by code, read some thousand at a time; `many` says how many they are."""

    def __init__(self, asked: BooksAgeing, many: int) -> None:
        self.asked, self.many = asked, many

    def __len__(self) -> int:
        return self.many

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Code, ID there, name, theirs and ours by age, ours less theirs."""
        statement, values = _asked(_ALL, self.asked)
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement, values)
            while rows := cursor.fetchmany(ageing.AT_ONCE):
                for code, name, their_id, *ages in rows:
                    yield code, their_id, name, *ages, sum(ages[5:]) - sum(ages[:5])


def _asked(statement: str, asked: BooksAgeing) -> tuple[str, dict[str, Any]]:
    ours, values = ageing.query(as_at=asked.as_at, counted=Way(asked.by_months, asked.from_due))
    return statement.format(ours=ours), values | {"asked": asked.pk}


def _debtor(code: str, name: str, their_id: str, *cells: Any) -> Debtor:
    return Debtor(code, name, Aged(*cells[:5]), Aged(*cells[5:10]), their_id, cells[10] or "")
