"""Whom the ledger knows for more than an opening balance."""

from __future__ import annotations

from collections.abc import Collection

from billing.models import Entry, EntryKind


def more_than_openings(customers: Collection[int]) -> set[int]:
    """The customers among these of whom the ledger has entries besides an opening balance."""
    others = Entry.objects.filter(customer__in=list(customers)).exclude(
        kind__in=(EntryKind.OPENING, EntryKind.OPENING_BACK)
    )
    return set(others.values_list("customer_id", flat=True))
