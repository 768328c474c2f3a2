"""What the page of one batch shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from billing.models import BatchFile, BatchTouch, CollectionBatch, CollectionLine, LeftOut
from billing.policies.batches import LEFT_OUT, WARNINGS
from customers.models import BillingGroup
from herotill.money import ZERO

_STATES = """
SELECT state, count(*), sum(amount), count(*) FILTER (WHERE edited_why <> '' AND state <> 'withdrawn'),
    count(*) FILTER (WHERE paid_after_release)
FROM billing_collectionline WHERE batch_id = %s GROUP BY state
"""
_WARNED = """
SELECT w->>'kind', count(DISTINCT l.id) FROM billing_collectionline l, jsonb_array_elements(l.warnings) w
WHERE l.batch_id = %s AND l.state <> 'withdrawn' AND l.warnings <> '[]' GROUP BY 1 ORDER BY 2 DESC
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a batch: what they are called, how many, and how much."""

    name: str
    label: str
    count: int
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Page:
    """One batch with its lines by state, its warnings, who is left out, and who did what."""

    states: list[Part]
    warnings: list[Part]
    left_out: list[Part]
    edited: int
    paid_after: int
    touches: list[BatchTouch]
    files: list[BatchFile]


def page(batch: CollectionBatch) -> Page:
    """What is shown of a batch; five questions, whatever its size."""
    states, edited, paid_after = _lines(batch)
    return Page(
        states=states,
        warnings=_warnings(batch),
        left_out=_left_out(batch),
        edited=edited,
        paid_after=paid_after,
        touches=list(BatchTouch.objects.filter(batch=batch).select_related("person").order_by("-pk")[:20]),
        files=list(BatchFile.objects.filter(batch=batch).select_related("made_by").order_by("-pk")[:10]),
    )


def _lines(batch: CollectionBatch) -> tuple[list[Part], int, int]:
    """The lines by state, how many were edited, and how many were paid after the release."""
    labels = dict(CollectionLine.State.choices)
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [batch.pk])
        rows = cursor.fetchall()
    states = [Part(state, str(labels[state]), count, amount) for state, count, amount, *_ in rows]
    states.sort(key=lambda part: list(labels).index(part.name))
    return states, sum(row[3] for row in rows), sum(row[4] for row in rows)


def _warnings(batch: CollectionBatch) -> list[Part]:
    with connection.cursor() as cursor:
        cursor.execute(_WARNED, [batch.pk])
        return [Part(kind, WARNINGS.get(kind, kind), count) for kind, count in cursor.fetchall()]


def _left_out(batch: CollectionBatch) -> list[Part]:
    found = LeftOut.objects.filter(batch=batch).order_by().values_list("why")
    rows = found.annotate(count=Count("pk"), amount=Sum("due")).order_by("-amount", "why")
    return [Part(why, LEFT_OUT.get(why, why), count, amount or ZERO) for why, count, amount in rows]


def draft_or_later(*, group: BillingGroup, action_date: date, method: str) -> CollectionBatch | None:
    """The batch of a group for a date that was not given up."""
    gone = (CollectionBatch.State.CANCELLED, CollectionBatch.State.REJECTED)
    found = CollectionBatch.objects.filter(billing_group=group, action_date=action_date, method=method)
    return found.exclude(state__in=gone).first()
