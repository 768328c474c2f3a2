"""What was invoiced: by product and month, net of credit notes and without VAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections, transaction

from billing.policies import cutting
from herotill.money import ZERO
from herotill.months import Month
from herotill.reading import reading

# The sums by month as far as they have been made, and what was posted since; history from before counts as well.
# Months that the days cut are read from their documents.
_WHOLE = """
SELECT month, product, excl FROM billing_monthrevenue WHERE month = ANY (%(months)s)
UNION ALL
SELECT date_trunc('month', d.document_date)::date, coalesce(l.product_id, 0),
    sum(CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END)
FROM billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
JOIN billing_line l ON l.document_id = d.id
WHERE e.id = ANY (ARRAY(SELECT id FROM billing_entry WHERE id > coalesce((SELECT entry_id FROM billing_revenueupto), 0)))
  AND e.kind IN ('invoice', 'debit_note', 'credit_note')
  AND date_trunc('month', d.document_date)::date = ANY (%(months)s)
GROUP BY 1, 2
"""
_PART = """
SELECT date_trunc('month', d.document_date)::date, coalesce(l.product_id, 0),
    sum(CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END)
FROM billing_document d JOIN billing_line l ON l.document_id = d.id
WHERE d.status = 'issued' AND d.kind IN ('invoice', 'debit_note', 'credit_note')
  AND d.document_date BETWEEN %(first)s AND %(last)s GROUP BY 1, 2
"""
_NAMES = "SELECT id, code, name FROM reference_product"


@dataclass(frozen=True, slots=True)
class Product:
    """A product's revenue, a figure a month. What has no product stands under its own name."""

    code: str
    name: str
    by_month: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.by_month, ZERO)


@dataclass(frozen=True, slots=True)
class Revenue:
    """Revenue without VAT over some months, the greatest product first."""

    months: tuple[Month, ...]
    products: tuple[Product, ...]

    @property
    def by_month(self) -> tuple[Decimal, ...]:
        return tuple(
            sum((one.by_month[place] for one in self.products), ZERO) for place in range(len(self.months))
        )

    @property
    def total(self) -> Decimal:
        return sum(self.by_month, ZERO)


def by_product(*, first: date, last: date) -> Revenue:
    """Revenue by product and month, for the days from `first` to `last`."""
    months = cutting.months(first, last)
    found: defaultdict[tuple[date, int], Decimal] = defaultdict(Decimal)
    with transaction.atomic(using=reading()), connections[reading()].cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_NAMES)
        names = {pk: (code, name) for pk, code, name in cursor.fetchall()}
        for query, values in _asked(first, last):
            cursor.execute(query, values)
            for month, product, amount in cursor.fetchall():
                found[month, product] += amount
    products = [
        Product(
            *names.get(pk, ("", "Without a product")),
            tuple(found.get((month.first, pk), ZERO) for month in months),
        )
        for pk in sorted({product for _, product in found})
    ]
    return Revenue(months, tuple(sorted(products, key=lambda one: (-one.total, one.code))))


def _asked(first: date, last: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whole months from their sums, months that are cut from their documents."""
    whole, parts = cutting.cut(first, last)
    if whole:
        yield _WHOLE, {"months": whole}
    for begin, end in parts:
        yield _PART, {"first": begin, "last": end}
