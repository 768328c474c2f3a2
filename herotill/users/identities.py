"""How the portal's door learns which customer somebody is, without knowing customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from herotill.portal import Look, Seat
from herotill.users.models import User


class Identity(Protocol):
    """What the app that holds the customers tells the door."""

    def customer(self, user: User) -> Any:
        """The customer this log-in belongs to, or None."""

    def seat(self, *, user: User, sub: int | None) -> Seat | None:
        """Whom this log-in's pages are about: its customer, or `sub` if that is a sub-account of theirs."""

    def look(self, token: str, *, now: datetime) -> Look | None:
        """The look by staff of the browser that holds `token`, over or not."""

    def by_email(self, email: str) -> Sequence[User]:
        """The log-ins of customers who have a verified contact with this email and the purpose portal access."""

    def emails(self, user: User) -> Sequence[str]:
        """The verified emails of those contacts of one log-in's customer."""

    def proved(self, *, user: User, email: str, now: datetime) -> None:
        """Somebody used a link mailed to `email`, so it is theirs."""


class Nobody:
    """There are no customers, so nobody has a portal."""

    def customer(self, user: User) -> Any:
        return None

    def seat(self, *, user: User, sub: int | None) -> Seat | None:
        return None

    def look(self, token: str, *, now: datetime) -> Look | None:
        return None

    def by_email(self, email: str) -> Sequence[User]:
        return ()

    def emails(self, user: User) -> Sequence[str]:
        return ()

    def proved(self, *, user: User, email: str, now: datetime) -> None:
        return None


_provided: list[Identity] = [Nobody()]


def provide(identity: Identity) -> None:
    """Say who knows the customers."""
    _provided[0] = identity


def identity() -> Identity:
    return _provided[0]
