"""Noting, changing and ending outages and planned maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dataaccounts.models import Outage
from herotill.errors import DomainError
from herotill.users.models import User

READ = ("kind", "nas_id", "highsite_id", "sector_id", "headline", "text", "starts_at", "ends_at")
"""What customers read of it: a change of these is told anew."""


def note(*, values: Mapping[str, Any], actor: User | None) -> Outage:
    """Note trouble or maintenance at one router, highsite or sector. Nobody is told yet."""
    return Outage.objects.create(**values, noted_by=actor)


@transaction.atomic
def change(*, outage: Outage, values: Mapping[str, Any], now: datetime) -> Outage:
    """Change what customers read. A change makes a new edition, of which everybody may be told again.

    Raises DomainError once it is over.
    """
    found = held(outage.pk)
    if not found.lasts(now):
        raise DomainError("It is over: what was said stays as it is. Note another.")
    before = [getattr(found, name) for name in READ]
    for name, value in values.items():
        setattr(found, name, value)
    if before != [getattr(found, name) for name in READ]:
        found.edition += 1
        found.save()
    return found


@transaction.atomic
def end(*, outage: Outage, now: datetime) -> Outage:
    """Say that it is over; nobody more is told that it began. Raises DomainError if it was."""
    found = held(outage.pk)
    if not found.lasts(now):
        raise DomainError("It is over already.")
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    return found


def held(pk: int) -> Outage:
    """The outage, locked: whoever tells of it, changes or ends it waits for the others."""
    places = Outage.objects.select_related("nas", "highsite", "sector__highsite")
    return places.select_for_update(of=("self",)).get(pk=pk)
