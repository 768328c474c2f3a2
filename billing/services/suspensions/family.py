"""Who goes down with whom: a customer and the sub-accounts that are billed to it, and theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from billing.services import locks

_MEMBERS = """
WITH RECURSIVE members (payer, customer_id) AS (
    SELECT id, id FROM unnest(%(customers)s::bigint[]) t (id)
    UNION
    SELECT m.payer, s.id FROM members m JOIN customers_customer s ON s.master_id = m.customer_id
    WHERE (SELECT mode FROM billing_subaccountmode d WHERE d.customer_id = s.id AND d.starts_on <= %(day)s
           ORDER BY d.starts_on DESC LIMIT 1) = 'master'
) SELECT payer, customer_id FROM members ORDER BY payer, customer_id
"""


def members(customers: Collection[int], day: date) -> Sequence[tuple[int, int]]:
    """Each of these customers with itself and with every sub-account it pays for: (payer, member)."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"customers": list(customers), "day": day})
        return cursor.fetchall()


def hold(customers: Collection[int], day: date) -> None:
    """Hold the accounts of these customers and of those that go down with them until the transaction ends."""
    locks.hold({member for _, member in members(customers, day)})
