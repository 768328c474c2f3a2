"""What programs outside may hear of customers. Nothing is written where nobody asks for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from herotill.bulk import array_of_ids
from herotill.events import record_asked

CREATED, CHANGED, CANCELLED = "customer.created", "customer.changed", "customer.cancelled"

_CREATED = """
SELECT id, id, 'customer', id, jsonb_build_object('kind', kind, 'status', status)
FROM customers_customer WHERE id = ANY (%(customers)s) ORDER BY id
"""
# What is changed twice is told twice; so each has a key of its own.
_CHANGED = """
SELECT c.id || '-' || gen_random_uuid(), c.id, 'customer', c.id,
    jsonb_build_object('fields', n.fields, 'status', c.status)
FROM jsonb_each(%(changed)s::jsonb) AS n (id, fields) JOIN customers_customer c ON c.id = n.id::bigint ORDER BY c.id
"""
_CANCELLED = """
SELECT id || '-' || gen_random_uuid(), id, 'customer', id, '{}'::jsonb
FROM customers_customer WHERE id = ANY (%(customers)s) AND status = 'cancelled' ORDER BY id
"""


def created(customers: Collection[int]) -> None:
    """These customers are new."""
    record_asked(CREATED, _CREATED, lambda: {"customers": array_of_ids(customers)})


def changed(fields: Mapping[int, Collection[str]]) -> None:
    """Of these customers these fields are others now: their names are told, never what stands in them."""
    if any(fields.values()):
        record_asked(CHANGED, _CHANGED, lambda: {"changed": _as_json(fields)})


def _as_json(fields: Mapping[int, Collection[str]]) -> str:
    return json.dumps({pk: sorted(names) for pk, names in fields.items() if names})


def cancelled(customers: Collection[int]) -> None:
    """These customers are cancelled, by a person or at the end of a cancellation."""
    if customers:
        record_asked(CANCELLED, _CANCELLED, lambda: {"customers": array_of_ids(customers)})
