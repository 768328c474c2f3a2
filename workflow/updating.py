"""What change requests add to the shell and to screens of others."""

from __future__ import annotations

from django.urls import reverse

import workflow.change_request_messages
import workflow.rights.change_requests  # noqa: F401
from customers.anonymising import Personal, personal
from customers.models import Customer
from customers.screen import Banner, banners
from herotill.counting import remembered
from herotill.demo import DemoPart, demo_parts
from herotill.menu import MenuEntry, menu
from workflow.demo.change_requests import make_change_requests
from workflow.lists.change_requests import PHASE, SEE, UPDATE
from workflow.neighbours import Neighbour, neighbours
from workflow.selectors import change_requests as reading
from workflow.services import change_blanking


@remembered("change-requests-waiting")
def waiting() -> int:
    """How many wait for a decision."""
    return reading.waiting().count()


neighbours.register(Neighbour(UPDATE, PHASE, "Update", "workflow:updates", SEE, waiting))
menu.register(
    MenuEntry(
        "workflow.updates",
        "Customers – Update",
        "workflow:updates",
        SEE,
        order=45,
        parent="workflow",
        counter=lambda user: waiting(),
    )
)
menu.register(
    MenuEntry(
        "customers.change-requests",
        "Customer Requested Changes",
        "workflow:change-requests",
        SEE,
        order=40,
        parent="customers",
    )
)


def _lines(customer: Customer) -> list[dict[str, str]]:
    """A line for each request that waits."""
    return [
        {
            "text": f"Waits for a decision: {one.get_kind_display().lower()}, asked on {one.asked_at:%Y-%m-%d}.",
            "tone": "warn",
            "url": reverse("workflow:change-request", args=[one.pk]),
            "label": "View request",
        }
        for one in reading.waiting_of(customer).order_by("pk")
    ]


banners.register(Banner("change-requests", SEE, _lines, order=40, about=reading.waiting_of))
personal.register(
    Personal(
        name="change-requests",
        what="What was asked to be changed; that it was, and what became of it, stays",
        blank=change_blanking.blank,
        waits=change_blanking.who_waits,
        order=97,
    )
)
demo_parts.register(DemoPart("change requests", make_change_requests, order=78))
