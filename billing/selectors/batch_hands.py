"""Who had a hand in a batch, and so may not release it (rule 4)."""

from __future__ import annotations

from django.db import connection

from billing.models import BatchTouch, CollectionBatch, CollectionRules
from herotill.users.models import User

# Who changed a mandate or a bank detail in it since the customer's last collection.
_CHANGED = """
SELECT DISTINCT e.actor_id FROM billing_collectionline l
JOIN house_auditevent e ON e.customer_id = l.customer_id AND e.model IN ('billing.mandate', 'billing.debitdetail')
WHERE l.batch_id = %(batch)s AND l.state = 'planned' AND e.actor_id = %(person)s AND e.at > coalesce((
    SELECT max(b.released_at) FROM billing_collectionline p JOIN billing_collectionbatch b ON b.id = p.batch_id
    WHERE p.customer_id = l.customer_id AND b.id <> l.batch_id AND p.state IN ('sent', 'collected', 'unpaid')
), '-infinity') LIMIT 1
"""


def refusal(batch: CollectionBatch, person: User) -> str:
    """Why this person may not release it, or nothing."""
    if not CollectionRules.objects.values_list("second_person", flat=True).get():
        return ""
    if BatchTouch.objects.filter(batch=batch, person=person, is_hand=True).exists():
        return "You built or changed this batch; somebody else releases it."
    if _changed_details(batch, person):
        return "You changed a mandate or bank detail in this batch; somebody else releases it."
    return ""


def _changed_details(batch: CollectionBatch, person: User) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"batch": batch.pk, "person": person.pk})
        return cursor.fetchone() is not None
