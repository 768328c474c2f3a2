"""Blanking personal data on record, and what the house itself knows of a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from herotill.models import Blanking


def begin(customers: Collection[int], stage: str) -> None:
    """Say that this transaction blanks these customers; guards let by what does nothing else to their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO house_blanking (customer_id, stage) SELECT id, %s FROM unnest(%s::bigint[]) AS it(id)",
            [stage, sorted(customers)],
        )


def execute(statement: str, *parameters: Any) -> int:
    """Carry a statement out; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def texts(statement: str, *parameters: Any) -> list[str]:
    """The first column of what a question finds, without what is empty."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [str(row[0]) for row in cursor.fetchall() if row[0]]


def drop_files(names: Sequence[str]) -> None:
    """Delete stored files once the transaction is certain; one that is gone already is no trouble."""
    wanted = [name for name in names if name and not PurePath(name).is_absolute()]

    def drop() -> None:
        for name in wanted:
            default_storage.delete(name)

    transaction.on_commit(drop)


def audit(customers: Collection[int], log_ins: Collection[int]) -> None:
    """Blank what changes were from and to, and what rows were called; which fields, when and by whom stays.

    It covers what this very transaction wrote so far, so it comes last.
    """
    ids, accounts = list(customers), [str(pk) for pk in log_ins]
    execute(
        """
        UPDATE house_auditevent SET name = '', ip = CASE WHEN actor_id = ANY(%s) THEN NULL ELSE ip END,
            old = (SELECT coalesce(jsonb_object_agg(key, '•••'), '{}') FROM jsonb_object_keys(old) AS key),
            new = (SELECT coalesce(jsonb_object_agg(key, '•••'), '{}') FROM jsonb_object_keys(new) AS key)
        WHERE customer_id = ANY(%s)
            OR customer_id IS NULL AND model = 'users.user' AND object_id = ANY(%s)
        """,
        [int(pk) for pk in accounts],
        ids,
        accounts,
    )
    execute("UPDATE house_secretreveal SET name = '', reason = '•••' WHERE customer_id = ANY(%s)", ids)


def house(customers: Collection[int], codes: Collection[str]) -> None:
    """Blank what facts, imports and requests of second persons say about customers."""
    ids, known = list(customers), list(codes)
    execute("UPDATE house_fact SET data = '{}' WHERE customer_id = ANY(%s) AND data <> '{}'", ids)
    execute(
        """
        UPDATE house_importrow r SET "values" = '{}', cells = '{}', before = '{}', after = '{}', reason = '', warnings = '{}'
        FROM house_import i WHERE i.id = r.of_id
            AND (r.code = ANY(%s) OR i.kind = 'customers' AND r.object_id = ANY(%s))
        """,
        known,
        ids,
    )


def approvals(codes: Collection[str]) -> None:
    """Blank the words of requests that a second person answered and that name these customers."""
    execute(
        """
        UPDATE house_approvalrequest r SET about = it.code, payload = '{}', shown = '[]', reason = '•••', answer = ''
        FROM unnest(%s::text[]) AS it(code)
        WHERE r.state <> 'open' AND (r.about || ' ' || r.shown::text || ' ' || r.payload::text) ~ ('\\y' || it.code || '\\y')
        """,
        list(codes),
    )


__all__ = ["Blanking", "approvals", "audit", "begin", "drop_files", "execute", "house", "texts"]
