"""Who looks at a ticket, so that two people do not answer it."""

from __future__ import annotations

from datetime import datetime

from helpdesk.models import Presence, Ticket
from herotill.users.models import User


def here(*, ticket: Ticket, user: User, now: datetime, writes: bool) -> None:
    """Note that somebody looks at a ticket, or writes an answer."""
    Presence.objects.bulk_create(
        [Presence(ticket=ticket, user=user, seen_at=now, writes=writes)],
        update_conflicts=True,
        unique_fields=["ticket", "user"],
        update_fields=["seen_at", "writes"],
    )


def gone(*, ticket: Ticket, user: User) -> None:
    """Note that somebody has answered, or left."""
    Presence.objects.filter(ticket=ticket, user=user).delete()
