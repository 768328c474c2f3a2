"""How one document stands with the books kept elsewhere."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from billing.models import BooksOwed

_OF = """
SELECT k.their_id, k.synced_at, k.incl, k.difference, k.vat - k.our_vat, o.state, o.trouble
FROM (VALUES (%s::bigint)) AS d (id) LEFT JOIN billing_booksdocument k ON k.document_id = d.id
LEFT JOIN billing_booksowed o ON o.document_id = d.id WHERE k.document_id IS NOT NULL OR o.id IS NOT NULL
"""
TONES = {"refused": "bad", "unknown": "warn", "sending": "accent"}


class InBooks(NamedTuple):
    """What stands there: its ID, since when, their total, theirs less ours; or how it waits, and what they said."""

    their_id: str | None
    synced_at: datetime | None
    incl: Decimal | None
    difference: Decimal | None
    vat_difference: Decimal | None
    state: str | None
    trouble: str | None

    @property
    def differs(self) -> bool:
        """Whether they count its total or its VAT otherwise."""
        return bool(self.difference or self.vat_difference)

    @property
    def waits_as(self) -> str:
        """How it waits, in words."""
        return BooksOwed.State(self.state).label if self.state else ""

    @property
    def tone(self) -> str:
        """The colour of how it waits."""
        return TONES.get(self.state or "", "")


def of_document(document: int) -> InBooks | None:
    """How a document stands there; none where it has nothing to do with them."""
    with connection.cursor() as cursor:
        cursor.execute(_OF, [document])
        row = cursor.fetchone()
    return InBooks(*row) if row else None
