"""What customers add to the portal: navigation, messages, the copy of their data, and who is asked about them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import customers.asking
import customers.own_parts  # noqa: F401
from customers.anonymising import Personal, personal
from customers.demo.own_things import make_own_things
from customers.models import Customer, ForgetWish
from customers.screen import Banner, banners
from customers.selectors import own_things
from customers.services import data_copies, wishes_blanking
from herotill.clock import local_day
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, jobs
from herotill.portal import PortalEntry, portal_menu
from herotill.tiles import Tile, tiles

ANSWERS = "customers.answer_forget_wish"

for order, (name, label, icon) in enumerate(
    (
        ("contacts", _("Contacts"), "users"),
        ("documents", _("Documents"), "folder"),
        ("messages", _("Messages"), "envelope"),
        ("privacy", _("Privacy"), "shield-check"),
    )
):
    portal_menu.register(PortalEntry(name, label, f"portal-{name}", icon, 70 + order))

jobs.register(
    Job(
        name=data_copies.JOB,
        title="Packs the copies of their data that customers ask for, and lets go of old ones",
        queue=Queue.REPORTS,
        task=data_copies.make,
        schedule="every 10 minutes",
        order=97,
    )
)


personal.register(
    Personal(
        name="portal-things",
        what="Copies of their data, and what they wrote in the portal",
        blank=wishes_blanking.blank,
        order=17,
    )
)


def _wishes(customer: Customer) -> list[dict[str, str]]:
    wish = own_things.last_wish(customer)
    if wish is None or wish.state != ForgetWish.State.WAITING:
        return []
    text = f"Asked in the portal on {local_day(wish.asked_at)} to be forgotten. Answer it on the card Personal data."
    return [{"text": text, "tone": "warn", "url": "", "label": ""}]


def _tile(user: Any) -> dict[str, Any] | None:
    count, oldest = own_things.wishes_waiting()
    if oldest is None:
        return None
    return {
        "figure": count,
        "what": "Customers who ask to be forgotten",
        "sub": f"{oldest.name} waits longest",
        "url": reverse("customers:profile", args=[oldest.code]),
        "icon": "user-minus",
        "tone": "warn",
    }


tiles.register(
    Tile("forget-wishes", "Wishes to be forgotten", ANSWERS, "tiles/_figure.html", _tile, order=460)
)
banners.register(
    Banner("forget-wish", "customers.view_anonymisation", _wishes, order=42, about=own_things.wishes_of)
)
demo_parts.register(DemoPart("own things", make_own_things, order=91))
