"""The house's own tiles on the start page: long jobs, jobs that failed, and what is yet to be set up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.urls import reverse

from herotill import clock, events, moving_in, runs
from herotill.access import may
from herotill.models import Run
from herotill.tiles import hints
from herotill.timetable import showing
from herotill.users.models import User

LATELY = timedelta(days=1)
WORK = "Imports and other long work"


def runs_tile(user: Any) -> dict[str, Any] | None:
    """Long jobs at work, and those that failed since yesterday."""
    seen = Run.objects.filter(kind__in=[kind.name for kind in runs.kinds if runs.may_see(user, kind.name)])
    found = seen.filter(
        Q(state__in=Run.OPEN) | Q(state=Run.State.FAILED, finished_at__gt=Now() - LATELY)
    ).aggregate(
        open=Count("pk", filter=Q(state__in=Run.OPEN)), failed=Count("pk", filter=Q(state=Run.State.FAILED))
    )
    if not any(found.values()):
        return None
    shown = {"url": reverse("runs"), "icon": "queue-list"}
    at_work = f"{found['open']} in progress" if found["open"] else ""
    if found["failed"]:
        return shown | {
            "figure": found["failed"],
            "what": "Failed since yesterday",
            "sub": at_work or WORK,
            "tone": "bad",
        }
    return shown | {"figure": found["open"], "what": "In progress", "sub": WORK}


def jobs_tile(user: Any) -> dict[str, Any] | None:
    """Regular jobs that failed when they were last carried out or are late, and consumers that are stuck."""
    failed = showing.in_trouble(clock.stamp()) + len(events.late())
    if not failed:
        return None
    shown = {"url": reverse("timetable"), "icon": "clock", "tone": "bad"}
    return shown | {"figure": failed, "what": "Regular jobs in trouble", "sub": "See what they said"}


def moving_tile(user: Any) -> dict[str, Any] | None:
    """That billing is off, as long as a move is under way."""
    move = moving_in.current()
    if not move:
        return None
    return {
        "url": reverse("moving-in"),
        "icon": "truck",
        "tone": "warn",
        "figure": (clock.stamp() - move.began_at).days,
        "what": "Days that billing is off",
        "sub": f"{move.began_by} began moving in",
    }


def hints_tile(user: Any) -> dict[str, Any] | None:
    """What this person could still set up."""
    found = [
        {"what": hint.what, "sub": hint.why, "url": reverse(hint.url_name)}
        for hint in hints
        if may(user, hint.permission) and hint.needed()
    ]
    return {"hints": found} if found else None


def works_alone() -> bool:
    """Whether there is only one person on the staff."""
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True)[:2].count() < 2


def second_factor_is_optional() -> bool:
    """Whether no role demands a second factor."""
    return not Group.objects.filter(role__second_factor_required=True).exists()
