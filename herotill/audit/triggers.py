"""The SQL that writes an event for each row added, changed or removed.

Additions and removals are written once a statement, whatever the number of rows; changes once a row that
really differs, which the trigger's condition decides before any function is called. All columns are
named, so a new one changes the trigger and `makemigrations` finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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

if TYPE_CHECKING:
    from .declare import Subject

# A function takes at most a hundred arguments, and each column is two.
COLUMNS_AT_ONCE = 40
HIDDEN = "••••"
EVENT = (
    "INSERT INTO house_auditevent (at, operation, model, object_id, customer_id, name, old, new,"
    " actor_id, act, source, ip, run_id)"
)
STAMP = "stamp.actor_id, stamp.act, stamp.source, stamp.ip, stamp.run_id"

Value = Callable[["Field[Any, Any]"], str]


class AuditTriggerSql(compiler.UpsertTriggerSql):
    """A trigger that cannot be ignored, and so does not ask for each row whether it should be."""

    def get_template(self) -> str:
        # Migrations hold what this renders by its hash: a changed text needs a template of another name.
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE stamp record;
            BEGIN
                SELECT * INTO stamp FROM house_audit_stamp();
                {func}
                RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} {referencing}
                FOR EACH {level} {condition} EXECUTE FUNCTION {pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class _AuditTrigger(pgtrigger.Trigger):
    when = pgtrigger.After

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        super().__init__()

    def compile(self, model: Any) -> compiler.Trigger:
        sql = AuditTriggerSql(
            pgid=self.get_pgid(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            referencing=self.referencing or "",
            level=self.level,
            condition=self.render_condition(model),
        )
        return compiler.Trigger(name=self.name, sql=sql)


class Added(_AuditTrigger):
    """Writes what was filled in of every new row."""

    name = "audit_add"
    level = pgtrigger.Statement
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="added")

    def get_func(self, model: Any) -> str:
        new = pieces(values(self.subject), lambda one: filled(self.subject, one, "it"))
        return f"{EVENT} SELECT {head(self.subject, 'add', 'it')}, '{{}}', {new}, {STAMP} FROM added it;"


class Removed(_AuditTrigger):
    """Writes what every removed row held."""

    name = "audit_remove"
    level = pgtrigger.Statement
    operation = pgtrigger.Delete
    referencing = pgtrigger.Referencing(old="removed")

    def get_func(self, model: Any) -> str:
        old = pieces(values(self.subject), lambda one: filled(self.subject, one, "it"))
        return f"{EVENT} SELECT {head(self.subject, 'remove', 'it')}, {old}, '{{}}', {STAMP} FROM removed it;"


class Changed(_AuditTrigger):
    """Writes old and new of the columns that differ; what is missing on one side was or became null."""

    name = "audit_change"
    operation = pgtrigger.Update

    def get_condition(self, model: Any) -> pgtrigger.Condition:
        return pgtrigger.Condition(" OR ".join(differs(one) for one in self.subject.fields))

    def get_func(self, model: Any) -> str:
        old = pieces(self.subject.fields, lambda one: if_differs(self.subject, one, "OLD"))
        new = pieces(self.subject.fields, lambda one: if_differs(self.subject, one, "NEW"))
        return f"{EVENT} VALUES ({head(self.subject, 'change', 'NEW')}, {old}, {new}, {STAMP});"


def head(subject: Subject, operation: str, row: str) -> str:
    """When, what and whose: the columns before the values."""
    pk = subject.model._meta.pk
    assert pk is not None
    return (
        f"clock_timestamp(), '{operation}', '{subject.label}', {row}.\"{pk.column}\"::text,"
        f" {customer_expression(subject, row)}, {name_of(subject, row)}"
    )


def name_of(subject: Subject, row: str) -> str:
    """What the row is called: the first of its words that is filled in."""
    columns = [subject.model._meta.get_field(name) for name in subject.words]
    words = [f"nullif({row}.\"{one.column}\"::text, '')" for one in columns if isinstance(one, Field)]
    words.append("''")
    return f"left(coalesce({', '.join(words)}), 200)"


def values(subject: Subject) -> list[Field[Any, Any]]:
    """What is told of a row that comes or goes: all but whose it is, which the event says already."""
    return [one for one in subject.fields if one.name != subject.customer]


def pieces(fields: Iterable[Field[Any, Any]], value: Value) -> str:
    """An object of `value` by field name, without the nulls."""
    pairs = [f"'{one.name}', {value(one)}" for one in fields]
    chunks = [pairs[start : start + COLUMNS_AT_ONCE] for start in range(0, len(pairs), COLUMNS_AT_ONCE)]
    built = " || ".join(f"jsonb_build_object({', '.join(chunk)})" for chunk in chunks) or "'{}'::jsonb"
    return f"jsonb_strip_nulls({built})"


def differs(one: Field[Any, Any]) -> str:
    changed = f'OLD."{one.column}" IS DISTINCT FROM NEW."{one.column}"'
    if hasattr(one, "last_four"):
        # A new key changes what is stored and not the secret.
        return f"({changed} AND current_setting('house.reencrypting', true) IS DISTINCT FROM 'on')"
    return changed


def if_differs(subject: Subject, one: Field[Any, Any], row: str) -> str:
    return f"CASE WHEN {differs(one)} THEN {kept(subject, one, row)} END"


def filled(subject: Subject, one: Field[Any, Any], row: str) -> str:
    """The value, or null for what says nothing: blank, no, an empty list."""
    column, value = f'{row}."{one.column}"', kept(subject, one, row)
    if subject.is_secret(one) or isinstance(one, BinaryField | JSONField):
        return value
    if isinstance(one, CharField | TextField | FileField):
        return f"nullif({column}, '')"
    if isinstance(one, BooleanField):
        return f"nullif({column}, false)"
    if isinstance(one, ArrayField):
        return f"nullif({column}, '{{}}')"
    return value


def kept(subject: Subject, one: Field[Any, Any], row: str) -> str:
    """What an event keeps of a column: of a secret only that there is one, and its last four."""
    column = f'{row}."{one.column}"'
    if hasattr(one, "last_four"):
        last_four = subject.model._meta.get_field(one.last_four)
        assert isinstance(last_four, Field)
        return f"CASE WHEN {column} <> '' THEN '{HIDDEN} ' || {row}.\"{last_four.column}\" END"
    if isinstance(one, BinaryField) or subject.is_secret(one):
        return f"CASE WHEN {column} IS NOT NULL THEN '{HIDDEN}' END"
    if isinstance(one, JSONField):
        return f"{column}::text"
    return column


def customer_expression(subject: Subject, row: str) -> str:
    """SQL for the id of the customer that `row` belongs to, following a path where there is one."""
    if not subject.customer:
        return "NULL::bigint"
    return _follow(subject.model, subject.customer.split("__"), row)


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
