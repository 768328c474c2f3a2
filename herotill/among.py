"""Rows named by another question that is asked first."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet


class _Any(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def among(ids: QuerySet[Any], *, field: str = "pk") -> Q:
    """Rows whose `field` is one of `ids`, a queryset of one value a row.

    The ids are found first and the rows by them, whatever order they are wanted in. `field__in` leaves it to the
    planner, which walks along the order instead and asks of every row on the way; where few rows fit, or where
    they stand at the far end, that is the whole table.
    """
    return Q(_Any(F(field), ArraySubquery(ids)))


MOST = 2_000


def few(found: QuerySet[Any], *, field: str = "pk") -> Q | None:
    """Rows whose `field` is one of `found`, by their ids, where they are at most 2,000; None where they are more.

    For a condition of which nobody knows how many it fits: few are named, and many are met soon by a walk in
    whatever order the rows are wanted. An index should find the first of them.
    """
    ids = list(found.order_by().values_list("pk", flat=True)[: MOST + 1])
    return Q((f"{field}__in", ids)) if len(ids) <= MOST else None
