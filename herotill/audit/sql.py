"""The SQL that writes an event for each row added, changed or removed.

All three work once a statement, whatever the number of its rows. The join of old and new rows is a hash
join by decree: the plan is made once a session, and a nested loop that is right for one row is not for a
hundred thousand.

Migrations keep the arguments and come back here for the text. So what is rendered never changes; another
text is another class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from pgtrigger import compiler, utils

# A function takes at most a hundred arguments, and each column is two.
COLUMNS_AT_ONCE = 40
HIDDEN = "••••"

TEMPLATE = """
CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    INSERT INTO house_auditevent (at, operation, model, object_id, customer_id, name, old, new,
        actor_id, act, source, ip, run_id)
    SELECT clock_timestamp(), '{word}', '{model}', it."{pk}"::text, {customer}, {name}, {old}, {new},
        stamp.actor_id, stamp.act, stamp.source, stamp.ip, stamp.run_id
    FROM {rows}, house_audit_stamp() AS stamp{where};
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS {pgid} ON {table};
CREATE TRIGGER {pgid} AFTER {operation} ON {table} REFERENCING {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION {pgid}();
COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
"""


class Kind(StrEnum):
    """How a column is kept. A secret leaves only a mark that there is one; an encrypted one its last four."""

    PLAIN = "plain"
    TEXT = "text"
    FLAG = "flag"
    LIST = "list"
    JSON = "json"
    SECRET = "secret"
    ENCRYPTED = "encrypted"


Column = tuple[str, ...]
"""A field's name, its column and its Kind; where that is ENCRYPTED, also the column of its last four."""


class AuditTriggerSql(compiler.UpsertTriggerSql):
    """One of a table's three triggers. Unlike pgtrigger's own it cannot be ignored, and so never asks.

    `customer` is an SQL expression in which {row} stands for the row; `words` are the columns that name it.
    """

    def __init__(
        self,
        *,
        pgid: str,
        table: str,
        model: str,
        operation: str,
        columns: Sequence[Column],
        pk: str = "id",
        customer: str = "",
        words: Sequence[str] = (),
        hash: str | None = None,
    ) -> None:
        self.arguments = {
            "pgid": pgid,
            "table": table,
            "model": model,
            "operation": operation,
            "columns": list(columns),
            "pk": pk,
            "customer": customer,
            "words": list(words),
        }
        self.pgid, self.table = pgid, table
        rest = {"INSERT": _added, "UPDATE": _changed, "DELETE": _removed}[operation](columns, customer, pk)
        text = {
            **rest,
            "pgid": pgid,
            "model": model,
            "operation": operation,
            "pk": pk,
            "table": utils.quote(table),
            "customer": customer.replace("{row}", "it") or "NULL::bigint",
            "name": row_name(words, "it"),
        }
        self.hash = hash or hashlib.sha1(TEMPLATE.format(hash="", **text).encode()).hexdigest()
        self.data = TEMPLATE.format(hash=self.hash, **text)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path = f"{type(self).__module__}.{type(self).__name__}"
        given = {
            key: value for key, value in self.arguments.items() if value and (key, value) != ("pk", "id")
        }
        return path, [], {**given, "hash": self.hash}


def _added(columns: Sequence[Column], customer: str, pk: str) -> dict[str, str]:
    return {
        "word": "add",
        "old": "'{}'",
        "new": _object(_told(columns, customer), _filled),
        "rows": "added AS it",
        "where": "",
        "transition": "NEW TABLE AS added",
    }


def _removed(columns: Sequence[Column], customer: str, pk: str) -> dict[str, str]:
    return {
        "word": "remove",
        "old": _object(_told(columns, customer), _filled),
        "new": "'{}'",
        "rows": "removed AS it",
        "where": "",
        "transition": "OLD TABLE AS removed",
    }


def _changed(columns: Sequence[Column], customer: str, pk: str) -> dict[str, str]:
    """What is missing on one side was or became null."""
    return {
        "word": "change",
        "old": _object(
            columns, lambda column: f"CASE WHEN {_differs(column)} THEN {_kept(column, 'was')} END"
        ),
        "new": _object(
            columns, lambda column: f"CASE WHEN {_differs(column)} THEN {_kept(column, 'it')} END"
        ),
        "rows": f'before AS was JOIN after AS it ON it."{pk}" = was."{pk}"',
        "where": f" WHERE {' OR '.join(map(_differs, columns))}",
        "transition": "OLD TABLE AS before NEW TABLE AS after",
    }


def _told(columns: Sequence[Column], customer: str) -> list[Column]:
    """What is told of a row that comes or goes: all but whose it is, which the event says already."""
    return [column for column in columns if f'{{row}}."{column[1]}"' != customer]


def row_name(words: Sequence[str], row: str) -> str:
    """What the row is called: the first of its words that is filled in."""
    found = [f"nullif({row}.\"{column}\"::text, '')" for column in words]
    found.append("''")
    return f"left(coalesce({', '.join(found)}), 200)"


def _object(columns: Sequence[Column], value: Callable[[Column], str]) -> str:
    """An object of `value` by field name, without the nulls."""
    pairs = [f"'{column[0]}', {value(column)}" for column in columns]
    chunks = [pairs[start : start + COLUMNS_AT_ONCE] for start in range(0, len(pairs), COLUMNS_AT_ONCE)]
    built = " || ".join(f"jsonb_build_object({', '.join(chunk)})" for chunk in chunks) or "'{}'::jsonb"
    return f"jsonb_strip_nulls({built})"


def _differs(column: Column) -> str:
    changed = f'was."{column[1]}" IS DISTINCT FROM it."{column[1]}"'
    if column[2] in (Kind.ENCRYPTED, Kind.SECRET):
        # A new key changes what is stored and not the secret.
        return f"({changed} AND current_setting('house.reencrypting', true) IS DISTINCT FROM 'on')"
    return changed


def _filled(column: Column) -> str:
    """The value, or null for what says nothing: blank, no, an empty list."""
    nothing = {Kind.TEXT: "''", Kind.FLAG: "false", Kind.LIST: "'{}'"}.get(Kind(column[2]))
    return f'nullif(it."{column[1]}", {nothing})' if nothing else _kept(column, "it")


def _kept(column: Column, row: str) -> str:
    value = f'{row}."{column[1]}"'
    if column[2] == Kind.ENCRYPTED:
        return f"CASE WHEN {value} <> '' THEN rtrim('{HIDDEN} ' || {row}.\"{column[3]}\") END"
    if column[2] == Kind.SECRET:
        return f"CASE WHEN {value} IS NOT NULL THEN '{HIDDEN}' END"
    return f"{value}::text" if column[2] == Kind.JSON else value
