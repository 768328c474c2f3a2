"""Alarms of voice lines that spend more than they should, or call where nobody is expected to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from dataaccounts.models import SpendAlarm, SpendLimit, VoiceLine
from herotill.clock import local_day
from herotill.messages.services import outbox
from herotill.users.models import User

ALARM = "spend-alarm"
LOOKED_BACK = timedelta(days=62)
_RAISE = """
WITH limits AS (
    SELECT v.id AS line, d.per_day, d.per_month, d.classes, d.tell_customer
    FROM dataaccounts_voiceline v CROSS JOIN LATERAL (
        SELECT * FROM dataaccounts_spendlimit s WHERE s.line_id = v.id OR s.line_id IS NULL
        ORDER BY s.line_id NULLS LAST LIMIT 1
    ) d
), days AS (
    SELECT c.line_id, c.day, sum(c.price) AS spent,
        sum(c.price) FILTER (WHERE c.call_class = ANY (l.classes)) AS watched,
        count(*) FILTER (WHERE c.call_class = ANY (l.classes)) AS calls
    FROM dataaccounts_call c JOIN limits l ON l.line = c.line_id
    WHERE c.day >= date_trunc('month', %(since)s::date) GROUP BY c.line_id, c.day
), reached AS (
    SELECT d.line_id, 'day' AS kind, d.day, d.spent, l.per_day AS allowed, l.tell_customer
    FROM days d JOIN limits l ON l.line = d.line_id WHERE d.spent >= l.per_day
    UNION ALL
    SELECT d.line_id, 'month', date_trunc('month', d.day)::date, sum(d.spent), l.per_month, l.tell_customer
    FROM days d JOIN limits l ON l.line = d.line_id
    GROUP BY d.line_id, date_trunc('month', d.day), l.per_month, l.tell_customer HAVING sum(d.spent) >= l.per_month
    UNION ALL
    SELECT d.line_id, 'class', d.day, coalesce(d.watched, 0), NULL, l.tell_customer
    FROM days d JOIN limits l ON l.line = d.line_id WHERE d.calls > 0
)
INSERT INTO dataaccounts_spendalarm (line_id, kind, day, amount, allowed, made_at)
SELECT line_id, kind, day, round(spent, 2), allowed, %(now)s FROM reached
ON CONFLICT (line_id, kind, day) DO NOTHING RETURNING id
"""
_TELL = """
SELECT v.customer_id, a.id AS subject_id, 'spend-alarm-' || a.id AS key, jsonb_build_object(
    'name', c.name, 'number', '+' || v.number, 'day', to_char(a.day, 'YYYY-MM-DD'),
    'what', CASE a.kind WHEN 'day' THEN 'the limit of a day' WHEN 'month' THEN 'the limit of a month'
        ELSE 'calls that you asked to be told of' END,
    'amount', 'R ' || to_char(a.amount, 'FM999G999G990D00')) AS context
FROM dataaccounts_spendalarm a JOIN dataaccounts_voiceline v ON v.id = a.line_id
JOIN customers_customer c ON c.id = v.customer_id
LEFT JOIN customers_customer m ON m.id = c.master_id
CROSS JOIN LATERAL (
    SELECT s.tell_customer FROM dataaccounts_spendlimit s WHERE s.line_id = v.id OR s.line_id IS NULL
    ORDER BY s.line_id NULLS LAST LIMIT 1
) d
WHERE a.id = ANY (%(made)s) AND d.tell_customer AND NOT coalesce(m.is_reseller, false)
"""


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Raise what alarms there are of the calls of the last two months; how many are new.

    One is raised once, however often this is called and whoever calls it at the same moment. A reseller's clients
    are not written to (rule 14).
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"since": local_day(now) - LOOKED_BACK, "now": now})
        made = [pk for (pk,) in cursor.fetchall()]
    if made:
        outbox.queue_select(_TELL, {"made": made}, template=ALARM, now=now, subject_kind="spendalarm")
    return len(made)


def seen(*, alarm: SpendAlarm, actor: User, now: datetime) -> None:
    """Say that somebody looked into an alarm; who was first stands."""
    SpendAlarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_by=actor, seen_at=now)


@transaction.atomic
def set_limit(*, line: VoiceLine | None, values: Mapping[str, Any]) -> SpendLimit:
    """Set what a line, or each line without a limit of its own, may spend."""
    limit = SpendLimit.objects.select_for_update().filter(line=line).first() or SpendLimit(line=line)
    for name, value in values.items():
        setattr(limit, name, value)
    limit.save()
    return limit


def limit_of(line: VoiceLine | None) -> SpendLimit:
    """What is set for a line, or for all where it has none of its own; an empty one where nothing is."""
    own = SpendLimit.objects.filter(line=line).first() if line else None
    return own or SpendLimit.objects.filter(line=None).first() or SpendLimit()
