"""What external collectors work on, and what they need to know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from billing.models import HandOver
from billing.selectors import suspensions
from customers.models import Customer
from herotill.bulk import array_of_ids
from herotill.reading import reading

HEADINGS = (
    "Account code",
    "Name",
    "Type",
    "ID or registration number",
    "Contact",
    "Email",
    "Telephone",
    "Address",
    "Customer since",
    "Status",
    "Handed over on",
    "Document",
    "Kind",
    "Date",
    "Due",
    "Amount",
    "Open",
    "Last payment",
    "Last paid",
    "Last contact",
    "Broken promises",
    "Warnings",
)
# What each document open today says, and of whom; the history in figures, for notes are written for us alone.
_ROWS = """
SELECT c.code, c.name, c.kind, {number}, c.contact_name, c.contact_email, c.contact_phone,
    coalesce((SELECT concat_ws(', ', nullif(replace(a.lines, E'\\n', ', '), ''), nullif(a.suburb, ''), nullif(a.town, ''),
        nullif(a.postal_code, '')) FROM customers_address a WHERE a.customer_id = c.id
        ORDER BY a.kind = 'physical' DESC, a.id LIMIT 1), ''),
    c.customer_since, c.status, h.handed_on, e.reference, e.kind, i.accounting_date, i.due_date, i.amount, i.open,
    r.receipt_date, r.amount, n.written_at::date, coalesce(p.broken, 0), coalesce(w.warnings, 0)
FROM billing_handover h JOIN customers_customer c ON c.id = h.customer_id
JOIN billing_openitem i ON i.customer_id = c.id AND i.open > 0 JOIN billing_entry e ON e.id = i.entry_id
LEFT JOIN LATERAL (SELECT receipt_date, amount FROM billing_receipt WHERE customer_id = c.id
    AND NOT EXISTS (SELECT FROM billing_reversal v WHERE v.receipt_id = billing_receipt.id)
    ORDER BY receipt_date DESC, id DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT written_at FROM billing_debtornote WHERE customer_id = c.id AND way <> 'note'
    ORDER BY id DESC LIMIT 1) n ON true
LEFT JOIN LATERAL (SELECT count(*) AS broken FROM billing_promise WHERE customer_id = c.id AND state = 'broken') p ON true
LEFT JOIN LATERAL (SELECT count(*) AS warnings FROM billing_suspensioncase k JOIN billing_casestep s ON s.case_id = k.id
    WHERE k.customer_id = c.id AND s.kind IN ('warned', 'warned_twice')) w ON true
WHERE h.id = ANY (%(wanted)s)
ORDER BY c.code, i.due_date, i.entry_id
"""


def everything() -> QuerySet[HandOver]:
    return HandOver.objects.order_by()


def open(customer_ids: Collection[int]) -> set[int]:
    """Those of these customers an external collector works on; we neither warn nor suspend them."""
    found = HandOver.objects.filter(customer__in=list(customer_ids), back_on=None)
    return set(found.values_list("customer_id", flat=True))


_STANDING = """
SELECT 'promise', amount, by_day, '' FROM billing_promise WHERE customer_id = %(customer)s AND state = 'open'
UNION ALL
SELECT 'hand-over', amount, handed_on, collector FROM billing_handover
WHERE customer_id = %(customer)s AND back_on IS NULL
"""


def standing(customer: Customer) -> list[tuple[str, Decimal, date, str]]:
    """What holds collections of a customer, by one question: an open promise, a hand-over.

    Each is its kind, the amount, its day, and the collector.
    """
    with connections[reading()].cursor() as cursor:
        cursor.execute(_STANDING, {"customer": customer.pk})
        return list(cursor.fetchall())


def rows(wanted: Sequence[int], *, numbers: bool) -> Iterator[list[Any]]:
    """What an agency needs of these hand-overs, a row a document; identity numbers only with `numbers`."""
    number = "coalesce(nullif(c.id_number, ''), c.registration_number)" if numbers else "''"
    with connections[reading()].cursor() as cursor:
        cursor.execute(_ROWS.format(number=number), {"wanted": array_of_ids(wanted)})
        yield from (list(row) for row in cursor.fetchall())


def owed(customers: Collection[int], day: date) -> dict[int, Decimal]:
    """What is overdue of each of these customers that owes something overdue."""
    return {pk: one.amount for pk, one in suspensions.overdue(customers, day).items()}
