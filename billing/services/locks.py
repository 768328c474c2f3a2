"""The order of locks: customers' balance rows first, by id; then the number series; then the rest."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from billing.models import Series


def hold(customers: Collection[int]) -> None:
    """Hold these customers' accounts until the transaction ends: nobody else posts or allocates for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM customers_customerbalance WHERE customer_id = ANY (%s)"
            " ORDER BY customer_id FOR NO KEY UPDATE",
            [list(customers)],
        )


def hold_series(kind: str) -> Series:
    """Hold the series that numbers documents of this kind; the next number cannot be given twice."""
    return Series.objects.select_for_update(no_key=True).get(kind=kind)
