"""What is owed by age, as at any day: of one customer, of some or of everybody, by one statement each.

As at a day means the entries and allocations with an accounting date up to it, as known now; `known_at` asks
what was known at a moment. Credit that has paid nothing yet stands in Current as a negative. The five always
add up to the balance on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections

from billing.models import Rules
from herotill.money import ZERO
from herotill.reading import reading

BUCKETS = ("120 Days+", "90 Days", "60 Days", "30 Days", "Current")


class Aged(NamedTuple):
    """What one customer owes by age, oldest first, in rand."""

    days120: Decimal = ZERO
    days90: Decimal = ZERO
    days60: Decimal = ZERO
    days30: Decimal = ZERO
    current: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self, ZERO)


class Way(NamedTuple):
    """How age is counted: by calendar months or by days, from the due date or from the document's."""

    by_months: bool = False
    from_due: bool = False

    @property
    def words(self) -> str:
        return f"by {'calendar months' if self.by_months else 'days'} from the {'due' if self.from_due else 'document'} date"


@dataclass(frozen=True, slots=True)
class OpenPart:
    """What was open of one entry on the day; below zero for credit."""

    entry_id: int
    kind: str
    source_id: int
    reference: str
    accounting_date: date
    due_date: date
    amount: Decimal
    open: Decimal
    bucket: int
    """0 is current, 4 is 120 days and more."""


def way() -> Way:
    """How the company counts age."""
    rules = Rules.objects.get()
    return Way(rules.ageing_by == Rules.AgeingBy.MONTHS, rules.ageing_from == Rules.AgeingFrom.DUE)


# Each gives parts of (customer_id, entry_id, dated, due, owed, amount), whose sum by entry is what was open of it.
# From the open items of today back to the day: quick for today and for days not long ago.
_BACK = """
    SELECT customer_id, entry_id, accounting_date AS dated, due_date AS due, amount > 0 AS owed, open AS amount
    FROM billing_openitem WHERE accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, true, a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.debit_id
    WHERE a.starts_on > %(as_at)s AND a.known_until IS NULL AND e.accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, false, -a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.credit_id
    WHERE a.starts_on > %(as_at)s AND a.known_until IS NULL AND e.accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, true, -a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.debit_id
    WHERE a.ends_on > %(as_at)s AND a.starts_on <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, false, a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.credit_id
    WHERE a.ends_on > %(as_at)s AND a.starts_on <= %(as_at)s
"""
# From the first entry on: all that was posted and all that was allocated up to the day.
_FORTH = """
    SELECT e.customer_id, e.id AS entry_id, e.accounting_date AS dated, e.due_date AS due, e.amount > 0 AS owed, e.amount
    FROM billing_entry e WHERE e.accounting_date <= %(as_at)s {entries}
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, true, -a.amount
    FROM billing_entry e JOIN billing_allocation a ON a.debit_id = e.id
    WHERE e.accounting_date <= %(as_at)s AND a.starts_on <= %(as_at)s AND {live} {entries}
    UNION ALL
    SELECT e.customer_id, e.id, e.accounting_date, e.due_date, false, a.amount
    FROM billing_entry e JOIN billing_allocation a ON a.credit_id = e.id
    WHERE e.accounting_date <= %(as_at)s AND a.starts_on <= %(as_at)s AND {live} {entries}
"""
_LIVE = "(a.ends_on IS NULL OR a.ends_on > %(as_at)s)"
_LIVE_THEN = (
    "a.known_from <= %(known_at)s"
    " AND (a.ends_on IS NULL OR a.ends_on > %(as_at)s OR a.known_until > %(known_at)s)"
)
_BUCKET = (
    "CASE WHEN p.owed THEN billing_bucket("
    "CASE WHEN %(from_due)s THEN p.due ELSE p.dated END, %(as_at)s, %(by_months)s) ELSE 0 END"
)
_BY_CUSTOMER = (
    f"""
SELECT customer_id, coalesce(sum(amount) FILTER (WHERE b = 4), 0.00), coalesce(sum(amount) FILTER (WHERE b = 3), 0.00),
    coalesce(sum(amount) FILTER (WHERE b = 2), 0.00), coalesce(sum(amount) FILTER (WHERE b = 1), 0.00),
    coalesce(sum(amount) FILTER (WHERE b = 0), 0.00)
FROM (SELECT p.customer_id, p.amount, {_BUCKET} AS b FROM ("""
    + "{parts}) p) aged GROUP BY customer_id"
)
_BY_ENTRY = (
    f"""
SELECT e.id, e.kind, e.source_id, e.reference, e.accounting_date, e.due_date, e.amount, s.open, s.b FROM (
    SELECT p.entry_id, sum(p.amount) AS open, min({_BUCKET}) AS b FROM ("""
    + """{parts}) p
    GROUP BY p.entry_id HAVING sum(p.amount) <> 0
) s JOIN billing_entry e ON e.id = s.entry_id ORDER BY e.accounting_date DESC, e.id DESC
"""
)


def of(
    *, customers: Collection[int], as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> dict[int, Aged]:
    """What each of these customers owed on that day, by age."""
    found = {pk: Aged(*buckets) for pk, *buckets in _rows(_BY_CUSTOMER, as_at, counted, known_at, customers)}
    return {pk: found.get(pk, Aged()) for pk in customers}


def everybody(
    *, as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> dict[int, Aged]:
    """What everybody who has an account owed on that day, by age."""
    return {pk: Aged(*buckets) for pk, *buckets in _rows(_BY_CUSTOMER, as_at, counted, known_at)}


def total(*, as_at: date, counted: Way | None = None, known_at: datetime | None = None) -> Aged:
    """What all customers together owed on that day, by age."""
    per_customer, values = query(as_at=as_at, counted=counted, known_at=known_at)
    summed = ", ".join(f"coalesce(sum(b{n}), 0.00)" for n in (4, 3, 2, 1, 0))
    with connections[reading()].cursor() as cursor:
        cursor.execute(f"SELECT {summed} FROM ({per_customer}) t (customer_id, b4, b3, b2, b1, b0)", values)
        return Aged(*cursor.fetchone())


def open_parts(
    *, customer: int, as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> list[OpenPart]:
    """What was open on that day of each of one customer's entries, newest first."""
    return [OpenPart(*row) for row in _rows(_BY_ENTRY, as_at, counted, known_at, [customer])]


def query(
    *,
    as_at: date,
    counted: Way | None = None,
    known_at: datetime | None = None,
    customers: Collection[int] | None = None,
    select: str = _BY_CUSTOMER,
) -> tuple[str, dict[str, Any]]:
    """The statement that answers, and its values; a row a customer, 120 days and more first."""
    counted = counted or way()
    values: dict[str, Any] = {"as_at": as_at, "known_at": known_at, **counted._asdict()}
    if customers is not None:
        values["customers"] = list(customers)
    elif known_at is None and _is_recent(as_at):
        return select.format(parts=_BACK), values
    entries = "" if customers is None else "AND e.customer_id = ANY (%(customers)s)"
    if known_at is not None:
        entries += " AND e.posted_at <= %(known_at)s"
    live = _LIVE if known_at is None else _LIVE_THEN
    return select.format(parts=_FORTH.format(entries=entries, live=live)), values


def _is_recent(as_at: date) -> bool:
    """Whether less was posted after the day than before it, as far as the dates tell."""
    with connections[reading()].cursor() as cursor:
        cursor.execute("SELECT min(accounting_date), max(accounting_date) FROM billing_entry")
        first, last = cursor.fetchone()
    return first is None or last - as_at <= as_at - first


def _rows(
    select: str,
    as_at: date,
    counted: Way | None,
    known_at: datetime | None,
    customers: Collection[int] | None = None,
) -> Iterator[tuple[Any, ...]]:
    asked, values = query(as_at=as_at, counted=counted, known_at=known_at, customers=customers, select=select)
    with connections[reading()].cursor() as cursor:
        cursor.execute(asked, values)
        yield from cursor.fetchall()
