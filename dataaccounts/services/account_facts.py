"""The facts of data accounts: what happened to which, for whoever asks."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from herotill.bulk import array_of_ids
from herotill.events import NewFact, record_asked, record_many

CREATED, CHANGED = "data-account.created", "data-account.changed"
_CREATED = """
SELECT id, customer_id, 'dataaccount', id, jsonb_build_object('username', username, 'state', state)
FROM dataaccounts_dataaccount WHERE id = ANY (%(accounts)s) ORDER BY id
"""
_CHANGED = """
SELECT id || '-' || gen_random_uuid(), customer_id, 'dataaccount', id,
    jsonb_build_object('username', username, 'fields', %(fields)s::jsonb)
FROM dataaccounts_dataaccount WHERE id = %(account)s
"""


class Touched(NamedTuple):
    """An account that a deed changed."""

    id: int
    customer_id: int
    username: str


def tell(what: str, touched: Sequence[Touched], now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Record the fact of each account."""
    stamp = now.isoformat()
    record_many(
        NewFact(
            kind=f"data-account.{what}",
            key=f"data-account.{what}-{one.id}-{stamp}",
            customer_id=one.customer_id,
            subject_kind="dataaccount",
            subject_id=one.id,
            data={"username": one.username, **(data or {})},
        )
        for one in touched
    )


def created(accounts: Collection[int]) -> None:
    """These accounts are new, where somebody outside asks for it."""
    record_asked(CREATED, _CREATED, lambda: {"accounts": array_of_ids(accounts)})


def changed(account: int, fields: Collection[str]) -> None:
    """These fields of an account may be others now, where somebody outside asks for it: their names alone."""
    record_asked(CHANGED, _CHANGED, lambda: {"account": account, "fields": json.dumps(sorted(fields))})
