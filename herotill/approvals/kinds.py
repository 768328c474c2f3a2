"""Kinds of approvals: what an app says about a deed that takes a second person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from herotill.models import ApprovalRequest
from herotill.registry import Registry
from herotill.users.models import User


class Row(NamedTuple):
    """One line of what would change, as whoever decides sees it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its kind carries it out. `payload` is open: its secrets are plain text."""

    request: ApprovalRequest
    subject_id: int | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about as it is now: its name in words, its address, and what must not have changed.

    `values` is what JSON can hold; a request decided after one of them changed lapses instead.
    """

    about: str
    url: str
    values: Mapping[str, Any]


def _nothing(asked: Asked, now: datetime) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalKind:
    """One kind of deed. `permission` is what the second person needs.

    `subject` reads what it is about as it is now, for `subject_id` and payload; None where it is gone.
    `describe` says what would change, in the words of those who decide: secrets masked. `carry_out` does
    it, inside the deciding transaction; what it raises undoes the decision. `dropped` is told in the same
    way when it will not be done: refused, withdrawn or lapsed. `secret` names values of the payload that
    are kept encrypted.
    """

    name: str
    title: str
    permission: str
    subject: Callable[[int | None, Mapping[str, Any]], Subject | None]
    describe: Callable[[int | None, Mapping[str, Any]], list[Row]]
    carry_out: Callable[[Asked, User, datetime], None]
    dropped: Callable[[Asked, datetime], None] = _nothing
    secret: frozenset[str] = frozenset()
    order: int = 100


kinds: Registry[ApprovalKind] = Registry("approval kind")
