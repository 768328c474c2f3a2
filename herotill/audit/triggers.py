"""A model's three triggers. They name every column, so a new one changes them and `makemigrations` finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BinaryField,
    BooleanField,
    CharField,
    Field,
    FileField,
    JSONField,
    Model,
    TextField,
)
from pgtrigger import compiler

from .sql import AuditTriggerSql, Column, Kind

if TYPE_CHECKING:
    from .declare import Subject


class _AuditTrigger(pgtrigger.Trigger):
    when = pgtrigger.After
    level = pgtrigger.Statement

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        super().__init__()

    def compile(self, model: Any) -> compiler.Trigger:
        sql = AuditTriggerSql(
            pgid=self.get_pgid(model),
            table=model._meta.db_table,
            model=self.subject.label,
            operation=str(self.operation),
            columns=[column(self.subject, one) for one in self.subject.fields],
            pk=model._meta.pk.column,
            customer=customer_expression(self.subject),
            words=words(self.subject),
        )
        return compiler.Trigger(name=self.name, sql=sql)


class Added(_AuditTrigger):
    """Writes what was filled in of every new row."""

    name = "audit_add"
    operation = pgtrigger.Insert


class Changed(_AuditTrigger):
    """Writes old and new of the columns that differ."""

    name = "audit_change"
    operation = pgtrigger.Update


class Removed(_AuditTrigger):
    """Writes what every removed row held."""

    name = "audit_remove"
    operation = pgtrigger.Delete


def words(subject: Subject) -> list[str]:
    """The columns that name a row, best first."""
    return [column_of(subject.model, name) for name in subject.words]


def column(subject: Subject, one: Field[Any, Any]) -> Column:
    """How a field is kept."""
    if hasattr(one, "last_four"):
        companion = column_of(subject.model, one.last_four)
        return one.name, column_of(subject.model, one.name), Kind.ENCRYPTED.value, companion
    return one.name, column_of(subject.model, one.name), _kind(subject, one).value


def column_of(model: type[Model], name: str) -> str:
    """The column of a field. Raises TypeError for one that has none, such as a many-to-many."""
    found = model._meta.get_field(name)
    if not isinstance(found, Field) or not found.column:
        raise TypeError(f"{model._meta.label}.{name} has no column of its own.")
    return found.column


def _kind(subject: Subject, one: Field[Any, Any]) -> Kind:
    if one.name in subject.secret or isinstance(one, BinaryField):
        return Kind.SECRET
    kinds: list[tuple[type[Any] | tuple[type[Any], ...], Kind]] = [
        (JSONField, Kind.JSON),
        ((CharField, TextField, FileField), Kind.TEXT),
        (BooleanField, Kind.FLAG),
        (ArrayField, Kind.LIST),
    ]
    return next((kind for types, kind in kinds if isinstance(one, types)), Kind.PLAIN)


def customer_expression(subject: Subject) -> str:
    """SQL for the id of the customer that {row} belongs to, following a path where there is one."""
    return _follow(subject.model, subject.customer.split("__"), "{row}") if subject.customer else ""


def _follow(model: type[Model], path: list[str], row: str, depth: int = 1) -> str:
    found = model._meta.pk if path[0] == "pk" else model._meta.get_field(path[0])
    assert isinstance(found, Field)
    value = f'{row}."{found.column}"'
    if len(path) == 1:
        return value
    target, upper = _related(found), f"upper_{depth}"
    assert target._meta.pk is not None
    inner = _follow(target, path[1:], upper, depth + 1)
    return f'(SELECT {inner} FROM "{target._meta.db_table}" {upper} WHERE {upper}."{target._meta.pk.column}" = {value})'


def _related(found: Field[Any, Any]) -> type[Model]:
    related: Any = found.related_model
    return apps.get_model(related) if isinstance(related, str) else related
