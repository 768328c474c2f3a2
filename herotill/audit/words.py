"""What an event holds, in a person's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, connections
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from herotill.money import MoneyField, rand
from herotill.reading import reading

from .declare import Subject, naming, subjects
from .sql import HIDDEN, row_name
from .triggers import column_of

Reference = tuple[type[Model], str]


@dataclass(frozen=True, slots=True)
class Named:
    """A row pointed at: its name, and its code if it has one."""

    name: str
    code: str = ""


Names = Mapping[Reference, Named]


def resolve(references: Iterable[Reference]) -> Names:
    """The names of all these rows in one query, whatever their tables; those that are gone are missing."""
    wanted: dict[type[Model], set[str]] = {}
    for model, key in references:
        wanted.setdefault(model, set()).add(key)
    if not wanted:
        return {}
    selects, parameters = [], []
    for position, (model, keys) in enumerate(wanted.items()):
        selects.append(_select(position, model))
        parameters.append(list(keys))
    with connections[reading()].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), parameters)
        models = list(wanted)
        return {(models[at], key): Named(name, code) for at, key, name, code in cursor.fetchall()}


def _select(position: int, model: type[Model]) -> str:
    assert model._meta.pk is not None
    pk = f'it."{model._meta.pk.column}"'
    columns = [column_of(model, name) for name in naming(model)]
    subject = subjects.get(model._meta.label_lower)
    code = f'it."{column_of(model, subject.code)}"' if subject and subject.code else "''"
    # Keys come as text; comparing them as the column's type keeps its index in use.
    kind = model._meta.pk.rel_db_type(connection)
    return (
        f"SELECT {position}, {pk}::text, {row_name(columns, 'it')}, {code}"
        f' FROM "{model._meta.db_table}" it WHERE {pk} = ANY (%s::{kind}[])'
    )


def references(subject: Subject | None, values: Mapping[str, Any]) -> Iterable[Reference]:
    """The rows that these values point at."""
    for name, value in values.items():
        field = subject.by_name.get(name) if subject else None
        if isinstance(field, ForeignKey) and value is not None:
            yield field.remote_field.model, str(value)


def label_of(subject: Subject | None, name: str) -> str:
    """What a person calls the field; a field that is gone keeps its column's words."""
    field = subject.by_name.get(name) if subject else None
    words = str(field.verbose_name) if field else name.replace("_", " ")
    return words[:1].upper() + words[1:]


def value_of(subject: Subject | None, name: str, value: Any, names: Names) -> str:
    """A value as a person reads it; empty text for none."""
    field = subject.by_name.get(name) if subject else None
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(field, ForeignKey):
        return _pointed_at(field, value, names)
    if isinstance(value, list):
        inner = getattr(field, "base_field", None)
        return ", ".join(_chosen(inner, one) for one in value)
    return _dated(field, value) or _chosen(field, value)


def _pointed_at(field: ForeignKey[Any, Any], value: Any, names: Names) -> str:
    found = names.get((field.remote_field.model, str(value)))
    if found is None:
        return f"number {value}, no longer there"
    return f"{found.name} ({found.code})" if found.code else found.name


def _dated(field: Field[Any, Any] | None, value: Any) -> str:
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")  # noqa: TID251 - a given moment
    if isinstance(field, DateField) and (day := parse_date(str(value))):
        return date_format(day, "DATE_FORMAT")
    return ""


def _chosen(field: Field[Any, Any] | None, value: Any) -> str:
    if isinstance(field, MoneyField) and not str(value).startswith(HIDDEN):
        return rand(Decimal(value))
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(choices.get(value, value))
