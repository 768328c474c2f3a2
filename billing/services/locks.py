"""The order of locks: turns at charging; customers' balance rows, by id; then the number series; then the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from billing.models import Series
from herotill.bulk import array_of_ids

_CHARGING, _AHEAD = 2018_0822, 2018_0831


def hold(customers: Collection[int]) -> None:
    """Hold these customers' accounts until the transaction ends: nobody else posts or allocates for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM customers_customerbalance WHERE customer_id = ANY (%s)"
            " ORDER BY customer_id FOR NO KEY UPDATE",
            [array_of_ids(customers)],
        )


def hold_series(kind: str) -> Series:
    """Hold the series that numbers documents of this kind; the next number cannot be given twice.

    Waits for whoever numbers ahead in it.
    """
    series = Series.objects.select_for_update(no_key=True).get(kind=kind)
    with transaction.atomic():
        hold_ahead(series)
        transaction.set_rollback(
            True
        )  # Waiting is all: nobody begins ahead but beside the holder of the series.
    return series


def hold_ahead(series: Series) -> None:
    """Have the next who holds the series wait until this transaction ends, which gives numbers ahead of it.

    For a transaction beside the one that holds the series; taken after the customers' accounts.
    """
    hold_word(_AHEAD, series.pk)


def hold_word(word: int, number: int) -> None:
    """Hold an advisory lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [word, number])


def is_held(word: int, number: int) -> bool:
    """Whether another transaction holds an advisory lock; takes it, where none does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_try_advisory_xact_lock(%s, %s)", [word, number])
        held: bool = cursor.fetchone()[0]
        return held


TURN = 1000  # customers, by id, who are charged and drafted in one turn


def whole_turns(ids: Sequence[int], limit: int) -> int:
    """How many of these ids, at most `limit` in their order, to take so that no turn is cut in two.

    Those of the last turn wait for the next batch, or two batches side by side would wait for each other.
    """
    if len(ids) < limit or ids[0] // TURN == ids[-1] // TURN:
        return len(ids)
    return next(n for n in range(len(ids), 0, -1) if ids[n - 1] // TURN < ids[-1] // TURN)


def take_turns(customers: Collection[int]) -> None:
    """Have charging and drafting of the same customers go one after the other until the transaction ends.

    Advisory, a lock for a thousand customers, so that runs over different customers do not wait. Taken
    before the customers' accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, bucket) FROM"
            " (SELECT DISTINCT (id / %s)::integer AS bucket FROM unnest(%s::bigint[]) id ORDER BY 1) buckets",
            [_CHARGING, TURN, array_of_ids(customers)],
        )
