"""What a kill looks like from inside: a statement never runs, and its transaction is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class PowerGone(Exception):
    """Raised in place of the statement that never ran."""


@contextmanager
def gone_at(words: str) -> Iterator[None]:
    """The power goes before the first statement that holds these words; the test goes on after the block."""

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        if words in sql:
            raise PowerGone
        return execute(sql, *rest)

    try:
        with connection.execute_wrapper(look):
            yield
    except PowerGone:
        return
    raise AssertionError(f"Nothing was asked with {words}.")
