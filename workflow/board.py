"""What the board adds to the shell: its place in the navigation, the job that moves leads on."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse

import workflow.rights.board
import workflow.setup.tables  # noqa: F401
from herotill.clock import stamp
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, count, jobs
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.tiles import Tile, tiles
from workflow.demo.leads import make_leads
from workflow.selectors import waiting, work_list
from workflow.services import moving

SEE = "workflow.view_lead"


def _waiting(place: str, user: Any) -> int:
    return waiting.work((place,))


setup_sections.register(Section("workflow", "Sales and workflow", 510))
menu.register(
    MenuEntry(
        "workflow",
        "Workflow",
        "workflow:board",
        SEE,
        "view-columns",
        40,
        counter=lambda user: waiting.work(),
        key="w",
        gathers=True,
        about="From lead to invoiced customer.",
    )
)
menu.register(MenuEntry("workflow.board", "Board", "workflow:board", SEE, order=10, parent="workflow"))

for order, key, words in (
    (30, "survey-new", "Surveys"),
    (43, "customer-new", "Customers – New"),
    (44, "customer-active", "Customers – Active"),
    (75, "invoice-new", "Invoicing"),
):
    menu.register(
        MenuEntry(
            f"workflow.{key}",
            words,
            f"workflow:list-{key}",
            SEE,
            order=order,
            parent="workflow",
            counter=partial(_waiting, key),
        )
    )


def _settle(now: datetime) -> str:
    moved = moving.settle(now=now)
    count(moved=moved)
    return f"{moved} leads moved on."


jobs.register(
    Job(
        "workflow-settle",
        "Moves leads on that miss nothing any more",
        Queue.MONEY,
        _settle,
        "every minute",
        order=70,
    )
)
for place, (name, label, url_name, right, icon, about) in enumerate(
    (
        (
            "phases",
            "Workflow phases",
            "workflow:phases",
            "workflow.view_phase",
            "view-columns",
            "Names and order of phases and lists, when waiting is long, and the gates.",
        ),
        (
            "sales-rules",
            "Sales settings",
            "workflow:sales-rules",
            "workflow.view_salesrules",
            "presentation-chart-line",
            "How long quotes stand, reminders, the sign-up form, ratings, terms.",
        ),
    )
):
    menu.register(
        MenuEntry(f"setup.{name}", label, url_name, right, icon, 510 + place, parent="setup", about=about)
    )
demo_parts.register(DemoPart("leads", make_leads, order=70))


def _mine(user: Any) -> dict[str, Any] | None:
    """What waits for this person: their own leads, or else everybody's."""
    mine = work_list.of(user=user, now=stamp())
    if not mine.waiting:
        return None
    return {
        "figure": f"{mine.waiting:,}",
        "what": "Leads that wait",
        "sub": f"{mine.own:,} yours, {mine.overdue:,} of all wait too long",
        "url": reverse("workflow:board") + (f"?owner={user.pk}" if mine.own else ""),
        "icon": "view-columns",
        "tone": "warn" if mine.overdue else "",
    }


tiles.register(Tile("leads", "Leads that wait", SEE, "tiles/_figure.html", _mine, order=25))
