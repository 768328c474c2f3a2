"""What points at a row, whichever app it belongs to: asked before something is taken away."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection
from django.db.models import ForeignKey, ForeignObjectRel, Model


def pointed_at(
    model: type[Model], ids: Collection[int], *, besides: Collection[type[Model]] = ()
) -> Iterator[tuple[str, set[int]]]:
    """Which of the rows `ids` of a model others point at by a foreign key, and what those are called.

    Rows of the models in `besides` are not asked; a model that points at its own kind is.
    """
    for field in _foreign_keys(model):
        if field.model in besides:
            continue
        pointing = _pointing(field, ids)
        if pointing:
            yield str(field.model._meta.verbose_name_plural), pointing


def _pointing(field: ForeignKey, ids: Collection[int]) -> set[int]:
    """The ids as one array: as so many parameters they would cost more than the answer."""
    table, column = map(connection.ops.quote_name, (field.model._meta.db_table, field.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} = ANY (%s)", [list(ids)])
        return {pk for (pk,) in cursor.fetchall()}


def _foreign_keys(model: type[Model]) -> Iterator[ForeignKey]:
    """The foreign keys to a model, also those that gave it no name for the way back."""
    relations = (
        one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)
    )
    for field in (relation.field for relation in relations):
        if isinstance(field, ForeignKey) and field.model._meta.managed and not field.model._meta.proxy:
            yield field
