"""Labels on many customers at once, and many customers into another group. One is a set of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model, QuerySet

from customers.models import BillingGroup, Customer, CustomerGroup, Label
from customers.services import facts

_PUT = """
INSERT INTO customers_customer_labels (customer_id, label_id)
SELECT id, %s FROM ({chosen}) AS chosen(id) ORDER BY id
ON CONFLICT (customer_id, label_id) DO NOTHING RETURNING customer_id
"""
_TAKE = """
DELETE FROM customers_customer_labels
WHERE label_id = %s AND customer_id IN ({chosen}) RETURNING customer_id
"""
# The rows are locked in the order of their ids, as everywhere, before the first is changed.
_MOVE = """
WITH moving AS (
    SELECT id, {column} AS old FROM customers_customer
    WHERE id IN ({chosen}) AND {column} IS DISTINCT FROM %s ORDER BY id FOR UPDATE
)
UPDATE customers_customer c SET {column} = %s FROM moving WHERE c.id = moving.id RETURNING c.id, moving.old
"""


def _ids(customers: QuerySet[Customer]) -> tuple[str, tuple[Any, ...]]:
    query = customers.order_by().values("pk").query
    return query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()


@transaction.atomic
def put(*, customers: QuerySet[Customer], label: Label) -> list[int]:
    """Put a label on customers; returns those who did not have it."""
    chosen, values = _ids(customers)
    with connection.cursor() as cursor:
        cursor.execute(_PUT.format(chosen=chosen), [label.pk, *values])
        return _told("labels", [pk for (pk,) in cursor.fetchall()])


@transaction.atomic
def take_off(*, customers: QuerySet[Customer], label: Label) -> list[int]:
    """Take a label off customers; returns those who had it."""
    chosen, values = _ids(customers)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(chosen=chosen), [label.pk, *values])
        return _told("labels", [pk for (pk,) in cursor.fetchall()])


@transaction.atomic
def move(*, customers: QuerySet[Customer], to: CustomerGroup | BillingGroup) -> dict[int | None, list[int]]:
    """Move customers to another group or billing group; returns who came from which, by its id."""
    chosen, values = _ids(customers)
    sql = _MOVE.format(column=_column(to), chosen=chosen)
    moved: defaultdict[int | None, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, to.pk, to.pk])
        for pk, old in cursor.fetchall():
            moved[old].append(pk)
    _told(_column(to), [pk for ids in moved.values() for pk in ids])
    return dict(moved)


@transaction.atomic
def move_back(*, group: type[Model], now_in: int, moved: Iterable[tuple[int | None, list[int]]]) -> int:
    """Put customers back where they were, those that are still where they were moved to. Returns how many."""
    column = _column(group)
    back = 0
    for old, ids in moved:
        theirs = Customer.objects.filter(**{column: now_in}, pk__in=list(ids))
        locked = list(theirs.order_by("pk").select_for_update().values_list("pk", flat=True))
        back += Customer.objects.filter(pk__in=locked).update(**{column: old})
        _told(column, locked)
    return back


def _told(column: str, customers: list[int]) -> list[int]:
    """These customers, of whom others have been told that this is changed."""
    facts.changed({pk: [column.removesuffix("_id")] for pk in customers})
    return customers


def _column(group: Model | type[Model]) -> str:
    return {CustomerGroup: "group_id", BillingGroup: "billing_group_id"}[
        group if isinstance(group, type) else type(group)
    ]
