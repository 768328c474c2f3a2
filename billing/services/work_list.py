"""The collectors' work list: worked out anew for everybody or some, and who has whom on the telephone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from billing.models import Assignment, Debtor
from billing.selectors import cutover, suspensions
from billing.selectors.work_list import Weights
from customers.models import Customer
from herotill.bulk import array_of_ids
from herotill.clock import local_day, moment
from herotill.errors import DomainError
from herotill.users.models import User

TAKEN_FOR = timedelta(minutes=20)
LATELY = timedelta(days=60)

# Who waits is called by nobody today: a promise is open, the next action lies ahead, or somebody called today.
# What is to be done today goes before all that.
_RENEW = """
WITH overdue AS MATERIALIZED ({overdue}), noted AS (
    SELECT customer_id, min(next_on) AS next_on FROM billing_debtornote
    WHERE next_on IS NOT NULL AND next_done_at IS NULL
        AND (%(customers)s::bigint[] IS NULL OR customer_id = ANY (%(customers)s::bigint[])) GROUP BY customer_id
), broken AS (
    SELECT customer_id, count(*) AS number FROM billing_promise
    WHERE state = 'broken' AND decided_on > %(since)s
        AND (%(customers)s::bigint[] IS NULL OR customer_id = ANY (%(customers)s::bigint[])) GROUP BY customer_id
), unpaid AS (
    SELECT r.customer_id, count(*) AS number FROM billing_reversal v JOIN billing_receipt r ON r.id = v.receipt_id
    WHERE v.code <> '' AND v.reversed_on > %(since)s
        AND (%(customers)s::bigint[] IS NULL OR r.customer_id = ANY (%(customers)s::bigint[])) GROUP BY r.customer_id
), found AS (
    SELECT c.id AS customer_id, c.billing_group_id, coalesce(o.overdue, 0) AS overdue, o.since AS oldest,
        (SELECT count(*) FROM billing_openitem i WHERE i.customer_id = c.id AND i.open > 0 AND i.due_date < %(day)s)
            AS documents, coalesce(b.number, 0) AS broken, coalesce(u.number, 0) AS unpaid,
        p.by_day, n.next_on, l.written_at, a.collector_id,
        coalesce(n.next_on <= %(day)s, false) AS today,
        coalesce(p.by_day >= %(day)s OR n.next_on > %(day)s OR l.written_at >= %(midnight)s, false) AS quiet
    FROM (SELECT customer_id FROM overdue
          UNION SELECT customer_id FROM noted WHERE next_on <= %(day)s) listed
    JOIN customers_customer c ON c.id = listed.customer_id
    LEFT JOIN overdue o ON o.customer_id = c.id LEFT JOIN noted n ON n.customer_id = c.id
    LEFT JOIN broken b ON b.customer_id = c.id LEFT JOIN unpaid u ON u.customer_id = c.id
    LEFT JOIN billing_promise p ON p.customer_id = c.id AND p.state = 'open'
    LEFT JOIN billing_assignment a ON a.customer_id = c.id
    LEFT JOIN LATERAL (
        SELECT written_at FROM billing_debtornote d WHERE d.customer_id = c.id AND d.way <> 'note'
        ORDER BY d.id DESC LIMIT 1) l ON true
    WHERE NOT EXISTS (SELECT FROM billing_handover h WHERE h.customer_id = c.id AND h.back_on IS NULL)
), gone AS (
    DELETE FROM billing_debtor d WHERE NOT EXISTS (SELECT FROM found f WHERE f.customer_id = d.customer_id)
        AND (%(customers)s::bigint[] IS NULL OR d.customer_id = ANY (%(customers)s::bigint[]))
)
INSERT INTO billing_debtor (customer_id, overdue, oldest, documents, broken, unpaid, promised_for, next_on,
    contacted_at, billing_group_id, collector_id, waits, score, made_at)
SELECT customer_id, overdue, oldest, documents, broken, unpaid, by_day, next_on, written_at, billing_group_id,
    collector_id, quiet AND NOT today,
    CASE WHEN today THEN %(today)s ELSE 0 END + CASE WHEN broken > 0 THEN %(broken)s ELSE 0 END
    + CASE WHEN unpaid > 0 THEN %(unpaid)s ELSE 0 END
    + least(%(day)s - coalesce(oldest, %(day)s), %(oldest)s) + least(overdue / %(rand)s, %(most)s)::int
    - CASE WHEN quiet AND NOT today THEN %(waits)s ELSE 0 END,
    %(now)s
FROM found ORDER BY customer_id
ON CONFLICT (customer_id) DO UPDATE SET overdue = excluded.overdue, oldest = excluded.oldest,
    documents = excluded.documents, broken = excluded.broken, unpaid = excluded.unpaid,
    promised_for = excluded.promised_for, next_on = excluded.next_on, contacted_at = excluded.contacted_at,
    billing_group_id = excluded.billing_group_id, collector_id = excluded.collector_id, waits = excluded.waits,
    score = excluded.score, made_at = excluded.made_at
"""


@transaction.atomic
def renew(*, now: datetime, customers: Collection[int] | None = None) -> int:
    """Work the list out anew, of everybody or of these customers; returns how many of them are on it."""
    day = local_day(now)
    asked = None if customers is None else array_of_ids(customers)
    owed = suspensions.overdue_sql(some=asked is not None, signed=cutover.signed())
    values: dict[str, Any] = suspensions.parameters(day=day, customers=customers)
    values |= {"customers": asked, "now": now, "since": day - LATELY}
    values["midnight"] = moment(day)
    with connection.cursor() as cursor:
        cursor.execute(_RENEW.format(overdue=owed), values | Weights()._asdict())
        return cursor.rowcount


@transaction.atomic
def take_next(*, rows: QuerySet[Debtor], now: datetime, actor: User) -> Debtor | None:
    """The one to call next of these rows, kept from colleagues for a while; None where nobody is left.

    Whoever a colleague has on the telephone is passed over, and two who ask at once get two customers.
    """
    free = rows.filter(waits=False).filter(Q(taken_until=None) | Q(taken_until__lt=now) | Q(taken_by=actor))
    found = free.order_by("-score", "pk").select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    Debtor.objects.filter(taken_by=actor).exclude(pk=found.pk).update(taken_by=None, taken_until=None)
    found.taken_by, found.taken_until = actor, now + TAKEN_FOR
    found.save(update_fields=["taken_by", "taken_until"])
    return found


def let_go(*, customer: Customer, actor: User) -> None:
    """The call is over: colleagues may call the customer again."""
    Debtor.objects.filter(customer=customer, taken_by=actor).update(taken_by=None, taken_until=None)


@transaction.atomic
def assign(*, customers: Collection[int], collector: User | None) -> int:
    """Say who looks after these customers, or that nobody does; returns how many changed."""
    if collector is not None and (not collector.is_active or collector.kind != User.Kind.STAFF):
        raise DomainError("Only people of ours who may log in look after customers.", field="collector")
    theirs = Assignment.objects.filter(customer__in=list(customers))
    if collector is None:
        changed = theirs.delete()[0]
    else:
        had = set(theirs.values_list("customer_id", flat=True))
        changed = theirs.exclude(collector=collector).update(collector=collector)
        new = [Assignment(customer_id=pk, collector=collector) for pk in sorted(set(customers) - had)]
        changed += len(Assignment.objects.bulk_create(new, batch_size=1000))
    Debtor.objects.filter(customer__in=list(customers)).update(collector=collector)
    return changed
