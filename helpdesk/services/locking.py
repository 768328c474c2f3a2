"""One at a time."""

from __future__ import annotations

from django.db import connection


def alone_with(what: str) -> None:
    """Nobody else works on the same thing until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
