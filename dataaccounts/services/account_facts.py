"""The facts of data accounts: what happened to which, for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from herotill.events import NewFact, record_many


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
