"""Looks at the portal by staff."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from customers.models import PortalLook
from herotill import links
from herotill.access import may

RIGHT = "customers.look_at_portal"


def by_token(token: str) -> PortalLook | None:
    """The look of this browser, over or not."""
    found = PortalLook.objects.select_related("customer", "staff", "session")
    return found.filter(token_hash=links.hashed(token)).first()


def is_open(look: PortalLook, *, now: datetime) -> bool:
    """Whether it goes on: in its time, while the person is logged in, at an open screen, and holds the right."""
    in_time = look.ended_at is None and look.began_at <= now < look.ends_at
    return in_time and _is_at_work(look, now) and look.staff.is_active and may(look.staff, RIGHT)


def _is_at_work(look: PortalLook, now: datetime) -> bool:
    """At their own screen, which neither was locked nor locked itself since nobody used it."""
    session = look.session
    if session is None or session.user_id != look.staff_id or session.locked:
        return False
    return now - max(session.seen_at, look.began_at) < timedelta(seconds=settings.IDLE_LOCK_SECONDS)
