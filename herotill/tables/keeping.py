"""Keeping a table: adding, changing, retiring and deleting its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ManyToManyRel, Model, ProtectedError

from herotill.errors import DomainError
from herotill.tables.tables import Table


def save(*, table: Table, row: Any, actor: Any) -> None:
    """Add or change a row. Raises DomainError where another one has its name."""
    new = row.pk is None
    try:
        with transaction.atomic():
            row.save()
            if new:
                table.added(row, actor)
            table.saved(row, actor)
    except IntegrityError as trouble:
        if "name_once" not in str(trouble):
            raise
        raise DomainError(
            f"There is already a {table.listing.noun} called “{row.name}”.", field="name"
        ) from None


def retire(*, table: Table, row: Any, retired: bool) -> None:
    """Offer a row no longer, or again; whoever has it keeps it."""
    if retired and (why := table.fixed(row)):
        raise DomainError(why)
    row.retired = retired
    row.save(update_fields=["retired"])


def delete(*, table: Table, row: Any) -> None:
    """Delete a row that nothing uses. Raises DomainError with what does."""
    with transaction.atomic():
        # Whoever puts it to use meanwhile waits for this lock, or this for them.
        table.model._default_manager.select_for_update().get(pk=row.pk)
        if why := reason_to_keep(table=table, row=row):
            raise DomainError(why)
        try:
            row.delete()
        except ProtectedError:
            raise DomainError(f"“{row}” is in use and can only be retired.") from None


def reason_to_keep(*, table: Table, row: Any) -> str:
    """Why a row cannot be deleted, or nothing."""
    if why := table.fixed(row):
        return why
    users = uses(row, parts=table.parts)
    if not users:
        return ""
    verb = "uses" if len(users) == 1 and users[0].startswith("1 ") else "use"
    return f"“{row}” cannot be deleted: {' and '.join(users)} {verb} it. It can be retired."


def uses(row: Model, *, parts: Collection[type[Model]] = ()) -> list[str]:
    """What points at a row, counted in words: `14 customers`; its parts do not count."""
    counted: dict[Any, int] = {}
    for relation in row._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        user: Any = relation.related_model
        if user._meta.auto_created or user._meta.proxy or user in parts:
            continue
        if number := _users(row, relation):
            counted[user] = counted.get(user, 0) + number
    return [
        f"{number:,} {user._meta.verbose_name if number == 1 else user._meta.verbose_name_plural}"
        for user, number in counted.items()
    ]


def _users(row: Model, relation: Any) -> int:
    if isinstance(relation, ManyToManyRel):
        field: Any = relation.field
        links: Any = relation.through
        return links._default_manager.filter(**{field.m2m_reverse_field_name(): row.pk}).count()
    return relation.related_model._default_manager.filter(**{relation.field.name: row.pk}).count()
