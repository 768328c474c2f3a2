"""The lines of a batch brought to what they should be: what differs is written anew, everything at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from billing.models import CollectedEntry, CollectionBatch, CollectionLine, LeftOut
from billing.policies.batches import Out
from herotill.bulk import array_of_ids, copy_rows
from herotill.errors import DomainError

State = CollectionLine.State
TAKEN = "Somebody's open amount has just gone into another batch. Try again."

_OLD = """
SELECT l.customer_id, l.mandate_id, l.card_id, l.reference, l.due, l.credit, l.amount, l.state, l.edited_why,
    l.withdrawn_why, l.warnings::text, coalesce(
        (SELECT array_agg(e.entry_id ORDER BY e.id) FROM billing_collectedentry e WHERE e.line_id = l.id), '{}'),
    coalesce((SELECT array_agg(e.amount ORDER BY e.id) FROM billing_collectedentry e WHERE e.line_id = l.id), '{}')
FROM billing_collectionline l WHERE l.batch_id = %(batch)s AND (%(one)s::bigint IS NULL OR l.customer_id = %(one)s)
"""
_LINES = (
    "batch",
    "customer",
    "mandate",
    "card",
    "reference",
    "due",
    "credit",
    "amount",
    "state",
    "edited_why",
)
_WORDS = ("withdrawn_why", "warnings")


@dataclass(frozen=True, slots=True)
class Row:
    """All that a line says while its batch is a draft."""

    customer_id: int
    mandate_id: int | None
    card_id: int | None
    reference: str
    due: Decimal
    credit: Decimal
    amount: Decimal
    state: str = State.PLANNED
    edited_why: str = ""
    withdrawn_why: str = ""
    warnings: Sequence[Mapping[str, str]] = ()
    covers: Sequence[tuple[int, Decimal]] = field(default=())

    def same(self, other: Row) -> bool:
        """Whether nothing differs, warnings apart."""
        return self._facts() == other._facts()

    def _facts(self) -> tuple[Any, ...]:
        return (
            self.mandate_id,
            self.card_id,
            self.due,
            self.credit,
            self.amount,
            self.state,
            self.edited_why,
            self.withdrawn_why,
            tuple(self.covers),
        )


def now_in(batch: CollectionBatch, customer: int | None = None) -> dict[int, Row]:
    """The lines as they are, or one customer's, by customer."""
    with connection.cursor() as cursor:
        cursor.execute(_OLD, {"batch": batch.pk, "one": customer})
        return {row[0]: _row(row) for row in cursor.fetchall()}


def _row(row: Sequence[Any]) -> Row:
    *facts, warnings, entries, amounts = row
    covers = tuple(zip(entries, amounts, strict=True))
    return Row(*[*facts, tuple(json.loads(warnings)), covers])


@transaction.atomic
def bring(batch: CollectionBatch, old: Mapping[int, Row], wanted: Mapping[int, Row]) -> None:
    """Have the batch hold these lines. Raises DomainError where another line took an amount meanwhile."""
    changed = [
        row
        for row in wanted.values()
        if row.customer_id not in old
        or not row.same(old[row.customer_id])
        or list(row.warnings) != list(old[row.customer_id].warnings)
    ]
    gone = [pk for pk in old if pk not in wanted] + [
        row.customer_id for row in changed if row.customer_id in old
    ]
    try:
        with transaction.atomic():
            _remove(batch, gone)
            _write(batch, changed)
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        if diag and diag.constraint_name == "open_amount_in_one_line":
            raise DomainError(TAKEN) from error
        raise


def _remove(batch: CollectionBatch, customers: Collection[int]) -> None:
    if not customers:
        return
    ids = array_of_ids(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM billing_collectedentry e USING billing_collectionline l"
            " WHERE l.id = e.line_id AND l.batch_id = %s AND l.customer_id = ANY (%s)",
            [batch.pk, ids],
        )
        cursor.execute(
            "DELETE FROM billing_collectionline WHERE batch_id = %s AND customer_id = ANY (%s)",
            [batch.pk, ids],
        )


def _write(batch: CollectionBatch, rows: Sequence[Row]) -> None:
    if not rows:
        return
    copy_rows(CollectionLine, (*_LINES, *_WORDS), (_cells(batch, row) for row in rows))
    found = CollectionLine.objects.filter(batch=batch)
    if len(rows) == 1:
        found = found.filter(customer=rows[0].customer_id)
    ids = dict(found.order_by().values_list("customer_id", "pk"))
    copy_rows(
        CollectedEntry,
        ("line", "entry", "amount", "live"),
        (
            (ids[row.customer_id], entry, amount, row.state == State.PLANNED)
            for row in rows
            for entry, amount in row.covers
        ),
    )


def _cells(batch: CollectionBatch, row: Row) -> tuple[Any, ...]:
    return (
        batch.pk,
        row.customer_id,
        row.mandate_id,
        row.card_id,
        row.reference,
        row.due,
        row.credit,
        row.amount,
        row.state,
        row.edited_why,
        row.withdrawn_why,
        json.dumps(list(row.warnings)),
    )


def leave_out(batch: CollectionBatch, people: Sequence[Out]) -> None:
    """Note who is in no line, and why; what was noted before goes."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_leftout WHERE batch_id = %s", [batch.pk])
    copy_rows(
        LeftOut,
        ("batch", "customer", "why", "due"),
        ((batch.pk, one.customer_id, one.why, one.due) for one in people),
    )
