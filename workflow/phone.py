"""What the technician's phone adds to the shell: its place in the navigation, its visits in the demo."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from herotill.clock import local_day, stamp
from herotill.demo import DemoPart, demo_parts
from herotill.menu import MenuEntry, menu
from herotill.tiles import Tile, tiles
from workflow.demo.phone import make_visits
from workflow.selectors import visits

menu.register(
    MenuEntry(
        "workflow.my-jobs",
        "My jobs",
        "workflow:my-jobs",
        "workflow.do_jobcard",
        order=5,
        parent="workflow",
    )
)


def _visits(user: Any) -> dict[str, Any] | None:
    """Where this person goes today, and what was left over."""
    today = local_day(stamp())
    number, left = visits.waiting(user, today)
    if not number:
        return None
    return {
        "figure": number,
        "what": "Jobs and surveys of yours",
        "sub": f"{left} not finished" if left else "today",
        "url": reverse("workflow:my-jobs"),
        "icon": "wrench-screwdriver",
        "tone": "warn" if left else "",
    }


tiles.register(Tile("my-jobs", "My jobs", "workflow.do_jobcard", "tiles/_figure.html", _visits, order=5))
demo_parts.register(DemoPart("the technician's day", make_visits, order=77))
