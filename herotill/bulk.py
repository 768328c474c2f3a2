"""COPY in and out: the fast way for many rows, and the only place that speaks it.

pghistory tells the database who acts when Django executes a statement, and COPY goes past it; `copy_rows`
tells it first, in the same transaction, so that the audit of copied rows knows who, when and from where.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from psycopg import sql

from herotill import audit
from herotill.audit.triggers import column_of

Table = type[Model] | str


def copy_rows(
    table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, using: str = DEFAULT_DB_ALIAS
) -> int:
    """Write `rows` into a model's table, or one given by name, and return how many they were.

    `columns` are field names for a model, column names for a table. `rows` is read one by one, so that
    memory stays flat; a row is a sequence in the order of `columns`. Defaults, constraints, triggers and the
    audit work as for any insert. Runs in the current transaction, or in one of its own. Raises what an
    insert would, for the whole, and RuntimeError where `rows` asks the database something: the connection
    is taken until the last row is there.
    """
    with transaction.atomic(using=using, savepoint=False):
        connection = connections[using]
        audit.attach(connection)
        statement = _copy_in(table, columns)
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
            connection.execute_wrapper(_taken),
        ):
            count = 0
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


def _taken(*_: Any) -> NoReturn:
    raise RuntimeError("Ask before rows are copied: until they all are, the connection is taken.")


@contextlib.contextmanager
def without_gc() -> Iterator[None]:
    """Have Python look for no cycles while it makes rows by the ten thousand: a third of the time went there.

    Around, or as a decorator of, work that holds them all anyway; nested and in threads the last one out decides.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def array(texts: Sequence[str]) -> str:
    """A text array as COPY takes it, for rows by the ten thousand: psycopg's own way costs ten times as much."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return '{"' + '","'.join(quoted) + '"}' if texts else "{}"


def array_of_ids(ids: Iterable[int]) -> str:
    """An array of numbers as a statement takes it, for ids by the ten thousand; psycopg writes each by itself."""
    return "{" + ",".join(map(str, ids)) + "}"


def _copy_in(table: Table, columns: Sequence[str]) -> sql.Composed:
    names = columns if isinstance(table, str) else [column_of(table, name) for name in columns]
    target = table if isinstance(table, str) else table._meta.db_table
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(target), listed)
