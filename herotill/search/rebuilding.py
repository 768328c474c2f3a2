"""Bringing search documents in line with what they stand for, should triggers have been switched off."""

from __future__ import annotations

from django.db import connection


def rebuild(kind: str) -> int:
    """How many documents of this kind were missing, outdated or of something gone.

    Whoever writes such objects waits meanwhile, half a minute for a million; readers do not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT house_search_rebuild(%s)", [kind])
        row = cursor.fetchone()
    return int(row[0])
