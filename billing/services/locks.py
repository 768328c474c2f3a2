"""The order of locks: turns at charging; customers' balance rows, by id; then the number series; then the rest."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from billing.models import Series

_CHARGING = 2018_0822


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


def take_turns(customers: Collection[int]) -> None:
    """Have charging and drafting of the same customers go one after the other until the transaction ends.

    Advisory, a lock for a thousand customers, so that runs over different customers do not wait. Taken
    before the customers' accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, bucket) FROM"
            " (SELECT DISTINCT (id / 1000)::integer AS bucket FROM unnest(%s::bigint[]) id ORDER BY 1) buckets",
            [_CHARGING, list(customers)],
        )
