"""Notices about log-ins, and about what concerns administrators: written into the outbox with what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.timezone import get_current_timezone

from herotill.messages.services import outbox
from herotill.users import identities
from herotill.users.models import User


def owe(*, to: Iterable[str], template: str, now: datetime | None = None, **fields: str) -> None:
    """Write down one mail for each address; double and empty ones are left out."""
    addresses = dict.fromkeys(filter(None, to))
    outbox.queue_many([outbox.New(to=each, context=fields) for each in addresses], template=template, now=now)


def addresses(user: User) -> Sequence[str]:
    """Where somebody reads about their own log-in: staff at their address, a customer at the proved ones."""
    return [user.email] if user.kind == User.Kind.STAFF else identities.identity().emails(user)


def moment(at: datetime) -> str:
    """Day and time as a mail says them."""
    return at.astimezone(get_current_timezone()).strftime("%Y-%m-%d at %H:%M")
