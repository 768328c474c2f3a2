"""Former customers lose what is personal: what each app blanks, what it must keep, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from herotill.registry import Registry


class Stage(StrEnum):
    """How far blanking goes: at once, once no debit comes back, after tax law's years, after company law's."""

    PERSON = "person"
    ACCOUNTS = "accounts"
    DOCUMENTS = "documents"
    BOOKS = "books"


def _nobody(customers: Collection[int], day: date) -> Mapping[int, str]:
    return {}


def _no_days(customers: Collection[int]) -> Mapping[int, date]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What one part knows of customers. `what` says it to a person, `stage` when it goes.

    `blank` gets the customers' ids and the time, works in the caller's transaction and may be called again.
    `waits` says for whom this must not be done on a day, and why. `lasts` gives the last day that counts for the
    years of the law, where there is one. Parts are blanked by `order`; the audit comes last.
    """

    name: str
    what: str
    blank: Callable[[Collection[int], datetime], None]
    stage: Stage = Stage.PERSON
    waits: Callable[[Collection[int], date], Mapping[int, str]] = _nobody
    lasts: Callable[[Collection[int]], Mapping[int, date]] = _no_days
    order: int = 100


personal: Registry[Personal] = Registry("personal data")


def name_of(code: str) -> str:
    """What an anonymised customer is called."""
    return f"Former customer {code}"
