"""What was invoiced: by product and month, net of credit notes and without VAT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connections, transaction

from herotill.money import ZERO
from herotill.months import Month
from herotill.reading import reading

# Lines by document first, so that the join carries one narrow row a line; history from before counts as well.
_REVENUE = """
SELECT month, product_id, sum(excl) FROM (
    SELECT date_trunc('month', d.document_date)::date AS month, l.product_id,
        CASE WHEN d.kind = 'credit_note' THEN -l.excl ELSE l.excl END AS excl
    FROM billing_document d JOIN billing_line l ON l.document_id = d.id
    WHERE d.status = 'issued' AND d.kind IN ('invoice', 'debit_note', 'credit_note')
      AND d.document_date BETWEEN %(first)s AND %(last)s
) lines GROUP BY month, product_id
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
    months = _months(first, last)
    with transaction.atomic(using=reading()), connections[reading()].cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_NAMES)
        names = {pk: (code, name) for pk, code, name in cursor.fetchall()}
        cursor.execute(_REVENUE, {"first": first, "last": last})
        found = {(month, product): amount for month, product, amount in cursor.fetchall()}
    products = [
        Product(
            *names.get(pk, ("", "Without a product")),
            tuple(found.get((month.first, pk), ZERO) for month in months),
        )
        for pk in {product for _, product in found}
    ]
    return Revenue(months, tuple(sorted(products, key=lambda one: (-one.total, one.code))))


def _months(first: date, last: date) -> tuple[Month, ...]:
    months = [Month.of(first)]
    while months[-1] < Month.of(last):
        months.append(months[-1].next)
    return tuple(months)
