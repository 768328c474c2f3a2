"""What the start page says of tickets: those of whoever looks, and those that nobody sees to or that are late."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from helpdesk.selectors import counts
from herotill.tiles import Tile, tiles

SEE, ANSWER = "helpdesk.view_ticket", "helpdesk.answer_ticket"


def _mine(user: Any) -> dict[str, Any] | None:
    number = counts.mine(user)
    if not number:
        return None
    return {
        "figure": number,
        "what": "Tickets of yours",
        "sub": "Not closed yet",
        "url": reverse("helpdesk:tickets-mine"),
        "icon": "lifebuoy",
    }


def _late(user: Any) -> dict[str, Any] | None:
    late, soon = counts.count("late"), counts.count("breaching")
    if not late and not soon:
        return None
    return {
        "figure": late or soon,
        "what": "Late tickets" if late else "Tickets about to be late",
        "sub": f"{soon} more about to be" if late and soon else "",
        "url": reverse("helpdesk:tickets-late" if late else "helpdesk:tickets-breaching"),
        "icon": "clock",
        "tone": "bad" if late else "warn",
    }


def _unassigned(user: Any) -> dict[str, Any] | None:
    number = counts.count("unassigned")
    if not number:
        return None
    return {
        "figure": number,
        "what": "Tickets that nobody sees to",
        "url": reverse("helpdesk:tickets-unassigned"),
        "icon": "inbox",
        "tone": "warn",
    }


for order, (name, title, permission, context) in enumerate(
    (
        ("tickets-mine", "Your tickets", SEE, _mine),
        ("tickets-late", "Late tickets", SEE, _late),
        ("tickets-unassigned", "Unassigned tickets", ANSWER, _unassigned),
    )
):
    tiles.register(Tile(name, title, permission, "tiles/_figure.html", context, order=20 + order))
