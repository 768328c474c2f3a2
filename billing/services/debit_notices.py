"""Telling customers of a debit that differs from their last: its amount and date, long enough before (rule 28)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from billing.models import CollectionBatch, Rules
from billing.selectors import cutover
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.jobs import count
from herotill.messages.services.outbox import queue_select
from herotill.users.models import User

TEMPLATE = "debit-notice"
SUBJECT = "debit_notice"
State = CollectionBatch.State

# Lines that differ from what went out last of the customer.
_NOTE = """
INSERT INTO billing_debitnotice (customer_id, action_date, amount, queued_at, queued_by_id)
SELECT l.customer_id, b.action_date, l.amount, %(now)s, %(actor)s
FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
JOIN LATERAL (
    SELECT p.amount FROM billing_collectionline p JOIN billing_collectionbatch q ON q.id = p.batch_id
    WHERE p.customer_id = l.customer_id AND q.action_date < b.action_date AND p.state IN ('sent', 'collected', 'unpaid')
    ORDER BY q.action_date DESC, p.id DESC LIMIT 1
) last ON last.amount <> l.amount
WHERE l.batch_id = %(batch)s AND l.state = 'planned'
ON CONFLICT (customer_id, action_date, amount) DO NOTHING
"""
_TELL = """
SELECT n.customer_id, n.id AS subject_id, jsonb_build_object('name', c.name, 'code', c.code,
    'date', n.action_date::text, 'amount', to_char(n.amount, 'FM999,999,999,990.00'),
    'last', to_char(last.amount, 'FM999,999,999,990.00'), 'number', coalesce(d.number_last_four, '')) AS context,
    'debit-notice-' || n.id AS key
FROM billing_debitnotice n JOIN customers_customer c ON c.id = n.customer_id
JOIN billing_collectionline l ON l.batch_id = %(batch)s AND l.customer_id = n.customer_id AND l.amount = n.amount
JOIN LATERAL (
    SELECT p.amount FROM billing_collectionline p JOIN billing_collectionbatch q ON q.id = p.batch_id
    WHERE p.customer_id = n.customer_id AND q.action_date < n.action_date AND p.state IN ('sent', 'collected', 'unpaid')
    ORDER BY q.action_date DESC, p.id DESC LIMIT 1
) last ON true
LEFT JOIN billing_mandate m ON m.id = l.mandate_id LEFT JOIN billing_debitdetail d ON d.id = m.detail_id
WHERE n.action_date = %(date)s AND n.sent_on IS NULL
"""
_SENT = """
UPDATE billing_debitnotice n SET sent_on = m.day
FROM (
    SELECT subject_id, min((sent_at AT TIME ZONE %(zone)s)::date) AS day FROM outbox_message
    WHERE subject_kind = 'debit_notice' AND state IN ('sent', 'delivered')
      AND subject_id IN (SELECT id FROM billing_debitnotice WHERE sent_on IS NULL)
    GROUP BY subject_id
) m WHERE n.id = m.subject_id AND n.sent_on IS NULL
"""


@transaction.atomic
def announce(*, batch: CollectionBatch, actor: User | None, now: datetime) -> int:
    """Tell everybody in a batch whose debit differs from the last and who was not told; how many messages.

    Raises DomainError before the take-over is signed, and once the batch is on its way.
    """
    if not cutover.signed():
        raise DomainError("Nobody is told before what was taken over is signed.")
    if batch.state not in (State.DRAFT, State.RELEASED):
        raise DomainError(f"{batch.name} is {batch.get_state_display().lower()}.")
    values: dict[str, Any] = {"batch": batch.pk, "now": now, "actor": actor.pk if actor else None}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
    return queue_select(
        _TELL,
        {"batch": batch.pk, "date": batch.action_date},
        template=TEMPLATE,
        now=now,
        subject_kind=SUBJECT,
        actor_id=actor.pk if actor else None,
    )


def note_sent() -> int:
    """Take over from the outbox on which days announcements were sent; how many count from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"zone": settings.TIME_ZONE})
        return cursor.rowcount


def work_off(now: datetime) -> str:
    """The job: announce drafts on the last day on which it is in time, and note what was sent."""
    told = 0
    if cutover.signed():
        until = local_day(now) + timedelta(
            days=Rules.objects.values_list("debit_notice_days", flat=True).get() + 1
        )
        to_come = CollectionBatch.objects.filter(
            state=State.DRAFT, action_date__gt=local_day(now), action_date__lte=until
        )
        told = sum(announce(batch=batch, actor=None, now=now) for batch in to_come)
    sent = note_sent()
    count(told=told, sent=sent)
    return f"{told} told, {sent} sent." if told or sent else ""
