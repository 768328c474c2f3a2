"""Who is acting and from where, told to the database for the length of a transaction.

pghistory puts the context before each statement that Django executes and may write, for this transaction
only; a pooled connection therefore carries nothing to its next user. Two things it does not do are done
here: a context inside another takes its place and gives it back, and one that ends before its
transaction does is taken out of it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.contrib.auth.signals import user_logged_in
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import receiver
from psycopg.pq import TransactionStatus

CLEAR = (
    "SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)"
)


class _Around:
    """Stands outside pghistory's own wrapper, notices what that stamps, and minds its signs.

    pghistory hands over parameters of its own, so a percent sign in a statement that had none is doubled.
    """

    wrote = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.wrote = self.wrote or str(sql).lstrip()[:6].lower() != "select"
        if params is None and isinstance(sql, str):
            sql, params = sql.replace("%", "%%"), ()
        return execute(sql, params, many, context)


@contextmanager
def acting(
    *, actor: Any = None, source: str = "", ip: str | None = None, run: int | None = None
) -> Iterator[dict[str, Any]]:
    """Everything written inside was done by `actor`, a user or None, from `source`.

    `source` is a path for a screen, otherwise words: `job: nightly`, `command: demo_data`. `run` is the
    number of the import or job run. Yields what the database is told, for a caller that learns more later.
    """
    told = {"user": actor.pk if actor else None, "source": source, "ip": ip, "run": run}
    around = _Around()
    before: dict[str, Any] = {}
    try:
        with connection.execute_wrapper(around), pghistory.context() as current:
            before = _replace(current.metadata, told)
            try:
                yield current.metadata
            finally:
                _replace(current.metadata, before)
    finally:
        if around.wrote and not before:
            _forget()


def _replace(metadata: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    before = dict(metadata)
    metadata.clear()
    metadata.update(by)
    return before


def _forget() -> None:
    """Takes an ended context out of a transaction that goes on without it."""
    inside = (
        connection.connection and connection.connection.info.transaction_status == TransactionStatus.INTRANS
    )
    if inside and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(CLEAR)


def attach(using: BaseDatabaseWrapper = connection) -> None:
    """Tell this transaction who acts, ahead of what pghistory does not see: COPY, or a SELECT that writes.

    Any statement that is no SELECT makes pghistory send its context along; VALUES is the smallest.
    """
    if not using.in_atomic_block:
        raise transaction.TransactionManagementError(
            "The audit's context holds for a transaction; begin one."
        )
    with using.cursor() as cursor:
        cursor.execute("VALUES (true)")


@receiver(user_logged_in)
def _now_known(sender: Any, user: Any, **kwargs: Any) -> None:
    """A request that logs somebody in goes on as theirs."""
    pghistory.context(user=user.pk)
