"""What is owed by age, as at any day: of one customer, of some or of everybody, by one statement each.

As at a day means the entries and allocations with an accounting date up to it, as known now; `known_at` asks
what was known at a moment. Credit that has paid nothing yet stands in Current as a negative. The five always
add up to the balance on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections, transaction

from billing.models import EntryKind, Rules
from herotill.money import ZERO
from herotill.reading import reading

AT_ONCE = 2_000
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


def added(many: Iterable[Aged]) -> Aged:
    """What they come to together."""
    return (
        Aged(*(sum(amounts, ZERO) for amounts in zip(*many, strict=True))) if (many := list(many)) else Aged()
    )


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

    @property
    def label(self) -> str:
        return EntryKind(self.kind).label


def way() -> Way:
    """How the company counts age."""
    rules = Rules.objects.get()
    return Way(rules.ageing_by == Rules.AgeingBy.MONTHS, rules.ageing_from == Rules.AgeingFrom.DUE)


# Each gives parts whose sums are what was open: of debits with their dates; of credits without, which makes them
# current. From the open items of now back to the day; what was settled by then and still is, is not looked at.
_BACK = """
    SELECT customer_id, CASE WHEN open > 0 THEN accounting_date END AS dated, due_date AS due, open AS amount
    FROM billing_openitem WHERE accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.accounting_date, e.due_date, a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.debit_id
    WHERE a.starts_on > %(as_at)s AND a.known_until IS NULL AND e.amount > 0 AND e.accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, NULL, e.due_date, -a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.credit_id
    WHERE a.starts_on > %(as_at)s AND a.known_until IS NULL AND e.amount < 0 AND e.accounting_date <= %(as_at)s
    UNION ALL
    SELECT e.customer_id, e.accounting_date, e.due_date, -a.amount
    FROM billing_allocation a JOIN billing_entry e ON e.id = a.debit_id
    WHERE a.ends_on > %(as_at)s AND a.starts_on <= %(as_at)s
    UNION ALL
    SELECT customer_id, NULL, NULL, amount FROM billing_allocation
    WHERE ends_on > %(as_at)s AND starts_on <= %(as_at)s
"""
# From the first entry on: all that was posted and all that was allocated up to the day.
_FORTH = """
    SELECT e.customer_id, CASE WHEN e.amount > 0 THEN e.accounting_date END AS dated, e.due_date AS due, e.amount
    FROM billing_entry e WHERE e.accounting_date <= %(as_at)s {entries}
    UNION ALL
    SELECT e.customer_id, p.dated, e.due_date, p.amount
    FROM billing_entry e JOIN billing_allocation a ON a.debit_id = e.id
    CROSS JOIN LATERAL (VALUES (e.accounting_date, -a.amount), (NULL, a.amount)) p (dated, amount)
    WHERE e.amount > 0 AND e.accounting_date <= %(as_at)s AND a.starts_on <= %(as_at)s AND {live} {entries}
"""
_LIVE = "(a.ends_on IS NULL OR a.ends_on > %(as_at)s)"
_LIVE_THEN = (
    "a.known_from <= %(known_at)s"
    " AND (a.ends_on IS NULL OR a.ends_on > %(as_at)s OR a.known_until > %(known_at)s)"
)
_BUCKET = """
    CASE WHEN p.dated IS NULL THEN 0
        ELSE billing_bucket(CASE WHEN %(from_due)s THEN p.due ELSE p.dated END, %(as_at)s, %(by_months)s) END"""
_BY_CUSTOMER = (
    f"""
SELECT customer_id, sum(amount) FILTER (WHERE b = 4), sum(amount) FILTER (WHERE b = 3),
    sum(amount) FILTER (WHERE b = 2), sum(amount) FILTER (WHERE b = 1), sum(amount) FILTER (WHERE b = 0)
FROM (SELECT p.customer_id, p.amount, {_BUCKET} AS b FROM ("""
    + "{parts}) p) aged GROUP BY customer_id"
)
# One customer's entries, each less what was allocated of it on the day.
_BY_ENTRY = (
    f"""
SELECT e.id, e.kind, e.source_id, e.reference, p.dated, p.due, e.amount, p.open,
    CASE WHEN e.amount > 0 THEN {_BUCKET} ELSE 0 END
FROM (
    SELECT e.id, e.accounting_date AS dated, e.due_date AS due, e.amount - sign(e.amount) * coalesce((
        SELECT sum(a.amount) FROM billing_allocation a WHERE (a.debit_id = e.id OR a.credit_id = e.id)"""
    + """
        AND a.starts_on <= %(as_at)s AND {live}), 0) AS open
    FROM billing_entry e WHERE e.accounting_date <= %(as_at)s {entries}
) p JOIN billing_entry e ON e.id = p.id WHERE p.open <> 0 ORDER BY e.accounting_date DESC, e.id DESC
"""
)


def of(
    *, customers: Collection[int], as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> dict[int, Aged]:
    """What each of these customers owed on that day, by age."""
    asked, values = query(as_at=as_at, counted=counted, known_at=known_at, customers=customers)
    with connections[reading()].cursor() as cursor:
        cursor.execute(asked, values)
        found = _by_customer(cursor)
    return {pk: found.get(pk, Aged()) for pk in customers}


def everybody(
    *, as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> dict[int, Aged]:
    """What everybody who has an account owed on that day, by age."""
    asked, values = query(as_at=as_at, counted=counted, known_at=known_at)
    with _roomy() as cursor:
        cursor.execute(asked, values)
        return _by_customer(cursor)


def total(*, as_at: date, counted: Way | None = None, known_at: datetime | None = None) -> Aged:
    """What all customers together owed on that day, by age."""
    per_customer, values = query(as_at=as_at, counted=counted, known_at=known_at)
    summed = ", ".join(f"coalesce(sum(b{n}), 0.00)" for n in (4, 3, 2, 1, 0))
    asked = f"SELECT {summed} FROM ({per_customer}) t (customer_id, b4, b3, b2, b1, b0)"
    with _roomy() as cursor:
        cursor.execute(asked, values)
        return Aged(*cursor.fetchone())


def open_parts(
    *, customer: int, as_at: date, counted: Way | None = None, known_at: datetime | None = None
) -> list[OpenPart]:
    """What was open on that day of each of one customer's entries, newest first."""
    known = "" if known_at is None else " AND e.posted_at <= %(known_at)s"
    select = _BY_ENTRY.format(entries=f"AND e.customer_id = %(customer)s{known}", live=_live(known_at))
    counted = counted or way()
    values = {"customer": customer, "as_at": as_at, "known_at": known_at, **counted._asdict()}
    with connections[reading()].cursor() as cursor:
        cursor.execute(select, values)
        return [OpenPart(*row) for row in cursor.fetchall()]


def query(
    *,
    as_at: date,
    counted: Way | None = None,
    known_at: datetime | None = None,
    customers: Collection[int] | None = None,
) -> tuple[str, dict[str, Any]]:
    """The statement that answers, and its values; a row a customer, 120 days and more first."""
    counted = counted or way()
    values: dict[str, Any] = {"as_at": as_at, "known_at": known_at, **counted._asdict()}
    if customers is None and known_at is None:
        return _BY_CUSTOMER.format(parts=_BACK), values
    entries = "" if customers is None else "AND e.customer_id = ANY (%(customers)s)"
    if customers is not None:
        values["customers"] = list(customers)
    if known_at is not None:
        entries += " AND e.posted_at <= %(known_at)s"
    return _BY_CUSTOMER.format(parts=_FORTH.format(entries=entries, live=_live(known_at))), values


def _live(known_at: datetime | None) -> str:
    return _LIVE if known_at is None else _LIVE_THEN


@contextmanager
def _roomy() -> Iterator[Any]:
    """A cursor with room in memory: for a day far back a statement goes through half the ledger."""
    with transaction.atomic(using=reading()), connections[reading()].cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        yield cursor


def _by_customer(cursor: Any) -> dict[int, Aged]:
    """The rows by customer; some thousand at a time, which keeps a hundred thousand of them cheap."""
    found = {}
    while rows := cursor.fetchmany(AT_ONCE):
        for pk, oldest, ninety, sixty, thirty, current in rows:
            found[pk] = Aged(oldest or ZERO, ninety or ZERO, sixty or ZERO, thirty or ZERO, current or ZERO)
    return found
