"""How collecting goes: promises by collector, what came in after a contact, what is overdue by age."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Count, Q, Sum

from billing.models import Debtor
from herotill.money import ZERO
from herotill.reading import reading

WITHIN = 7  # days after a contact in which money counts as collected by it

# A receipt counts for the last contact before it, at most so many days ago; what was reversed counts for nobody.
_BY_COLLECTOR = """
WITH contacts AS (
    SELECT author_id, count(*) AS number FROM billing_debtornote
    WHERE way <> 'note' AND author_id IS NOT NULL AND written_at >= %(from)s AND written_at < %(until)s
    GROUP BY author_id
), promises AS (
    SELECT made_by_id AS author_id, count(*) AS number, count(*) FILTER (WHERE state = 'kept') AS kept,
        count(*) FILTER (WHERE state = 'broken') AS broken, count(*) FILTER (WHERE state = 'open') AS open,
        sum(amount) AS promised, coalesce(sum(amount) FILTER (WHERE state = 'kept'), 0.00) AS kept_amount
    FROM billing_promise WHERE made_on BETWEEN %(first)s AND %(last)s AND state <> 'withdrawn' GROUP BY made_by_id
), collected AS (
    SELECT n.author_id, sum(r.amount) AS amount
    FROM billing_receipt r CROSS JOIN LATERAL (
        SELECT d.author_id FROM billing_debtornote d
        WHERE d.customer_id = r.customer_id AND d.way <> 'note'
            AND d.written_at < (r.receipt_date + 1)::timestamp AT TIME ZONE %(zone)s
            AND d.written_at >= (r.receipt_date - %(within)s)::timestamp AT TIME ZONE %(zone)s
        ORDER BY d.id DESC LIMIT 1
    ) n
    WHERE r.receipt_date BETWEEN %(first)s AND %(last)s
        AND NOT EXISTS (SELECT FROM billing_reversal v WHERE v.receipt_id = r.id)
    GROUP BY n.author_id
), authors AS (
    SELECT author_id FROM contacts UNION SELECT author_id FROM promises UNION SELECT author_id FROM collected
)
SELECT coalesce(nullif(u.name, ''), u.username, 'By itself'), coalesce(c.number, 0), coalesce(p.number, 0),
    coalesce(p.kept, 0), coalesce(p.broken, 0), coalesce(p.open, 0), coalesce(p.promised, 0.00),
    coalesce(p.kept_amount, 0.00), coalesce(m.amount, 0.00)
FROM authors a LEFT JOIN users_user u ON u.id = a.author_id
LEFT JOIN contacts c ON c.author_id IS NOT DISTINCT FROM a.author_id
LEFT JOIN promises p ON p.author_id IS NOT DISTINCT FROM a.author_id
LEFT JOIN collected m ON m.author_id IS NOT DISTINCT FROM a.author_id
ORDER BY 9 DESC, 1
"""
AGES = (
    (0, 29, "up to 29 days"),
    (30, 59, "30 to 59 days"),
    (60, 89, "60 to 89 days"),
    (90, 119, "90 to 119 days"),
)


class Collected(NamedTuple):
    """What one collector brought about. `collected` came in within a week after their contact."""

    collector: str
    contacts: int
    promises: int
    kept: int
    broken: int
    open: int
    promised: Decimal
    kept_amount: Decimal
    collected: Decimal


class Age(NamedTuple):
    """Those whose oldest overdue document is of this age, what is overdue of them, how many promised."""

    label: str
    customers: int
    overdue: Decimal
    promised: int


def by_collector(*, first: date, last: date, zone: str) -> list[Collected]:
    """Each collector's contacts, promises and what came of them between two days, both included."""
    values: dict[str, Any] = {"first": first, "last": last, "zone": zone, "within": WITHIN}
    values |= {"from": f"{first} {zone}", "until": f"{last + timedelta(days=1)} {zone}"}
    with connections[reading()].cursor() as cursor:
        cursor.execute(_BY_COLLECTOR, values)
        return [Collected(*row) for row in cursor.fetchall()]


def ages(*, day: date) -> list[Age]:
    """Who is overdue, by the age of the oldest of it, as the work list has it."""
    bounds = {
        label: Q(oldest__lte=day - timedelta(days=least), oldest__gte=day - timedelta(days=most))
        for least, most, label in AGES
    }
    bounds["120 days and more"] = Q(oldest__lt=day - timedelta(days=119))
    sums = {}
    for place, where in enumerate(bounds.values()):
        sums[f"c{place}"] = Count("pk", filter=where)
        sums[f"o{place}"] = Sum("overdue", filter=where)  # type: ignore[assignment]
        sums[f"p{place}"] = Count("pk", filter=where & Q(promised_for__isnull=False))
    found = Debtor.objects.using(reading()).aggregate(**sums)
    return [
        Age(label, found[f"c{place}"], found[f"o{place}"] or ZERO, found[f"p{place}"])
        for place, label in enumerate(bounds)
    ]
