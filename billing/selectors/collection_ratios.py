"""Unpaids and disputes by billing group and month, against what the payment association allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connections

from billing.models import CollectionRules
from herotill.money import ZERO
from herotill.months import Month
from herotill.reading import reading

TENTH = Decimal("0.1")

_RATIOS = """
SELECT date_trunc('month', b.action_date)::date AS month, g.name, count(*),
    count(*) FILTER (WHERE l.state = 'unpaid'),
    count(*) FILTER (WHERE l.state = 'unpaid' AND (l.disputed OR u.effect = 'dispute')),
    sum(l.amount), coalesce(sum(l.amount) FILTER (WHERE l.state = 'unpaid'), 0)
FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
JOIN customers_billinggroup g ON g.id = b.billing_group_id
LEFT JOIN billing_unpaidcode u ON lpad(u.code::text, 2, '0') = l.result_code
WHERE b.action_date >= %s AND b.action_date < %s AND l.state IN ('collected', 'unpaid')
GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many collections of a group in a month came back, and how many of those were disputed."""

    month: Month
    group: str
    lines: int
    unpaid: int
    disputed: int
    amount: Decimal
    amount_unpaid: Decimal

    @property
    def unpaid_share(self) -> Decimal:
        return share(self.unpaid, self.lines)

    @property
    def disputed_share(self) -> Decimal:
        return share(self.disputed, self.lines)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the payment association allows, in percent of the collections."""

    unpaid: Decimal
    disputed: Decimal

    def over(self, one: Ratio) -> bool:
        return one.unpaid_share > self.unpaid or one.disputed_share > self.disputed


def share(part: int, whole: int) -> Decimal:
    """In percent, to a tenth."""
    if not whole:
        return ZERO
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


def limits() -> Limits:
    rules = CollectionRules.objects.get()
    return Limits(rules.unpaid_limit, rules.dispute_limit)


def ratios(*, today: date, months: int = 12) -> list[Ratio]:
    """By group and month, the newest month first."""
    this = Month.of(today)
    with connections[reading()].cursor() as cursor:
        cursor.execute(_RATIOS, [this.plus(1 - months).first, this.next.first])
        return [Ratio(Month.of(row[0]), *row[1:]) for row in cursor.fetchall()]


def by_month(found: Sequence[Ratio]) -> list[Ratio]:
    """All groups of a month together, the oldest month first."""
    return [
        _together(month, [one for one in found if one.month == month])
        for month in sorted({one.month for one in found})
    ]


def _together(month: Month, some: Sequence[Ratio]) -> Ratio:
    return Ratio(
        month,
        "All groups",
        sum(one.lines for one in some),
        sum(one.unpaid for one in some),
        sum(one.disputed for one in some),
        sum((one.amount for one in some), ZERO),
        sum((one.amount_unpaid for one in some), ZERO),
    )
