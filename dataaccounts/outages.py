"""What outages add to the shell and to screens of others: menu, tile, banner, texts, and the run that tells."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

import dataaccounts.lists.outages
import dataaccounts.rights.outages  # noqa: F401
from customers.models import Customer, Purpose
from customers.screen import Banner, banners
from dataaccounts.models import Outage
from dataaccounts.selectors.outage_words import moment
from dataaccounts.selectors.outages import RUN, lasting, outages_of
from dataaccounts.services import outage_messages
from dataaccounts.services.outage_messages import BEGINS, ENDS, OFF, PLANNED
from herotill.clock import stamp
from herotill.jobs import Queue
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, SMS, Field, Template, templates
from herotill.models import Run
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.tiles import Tile, tiles

FIELDS = (
    Field("name", "The customer's name", "Alice Liddel"),
    Field("headline", "What it is, in a line", "No service at Koppie"),
    Field("text", "What customers read", "Lightning struck the tower. We are on the way.", several=True),
    Field("place", "Where it is", "Koppie"),
    Field("from", "When it began, or begins", "2018-08-22 12:00"),
    Field("until", "Until when, as far as known", "2018-08-22 16:00"),
    Field("ended", "When it ended", "2018-08-22 15:20"),
)
SENTENCES = (
    (
        BEGINS,
        "An outage begins",
        "{headline}",
        "Dear {name}\n\n{text}\n\nSince: {from}\nExpected until: {until}\n\n{company}\n",
        "{headline}. {text} Since {from}, expected until {until}.",
    ),
    (
        PLANNED,
        "Maintenance is planned",
        "{headline}",
        "Dear {name}\n\n{text}\n\nFrom: {from}\nUntil: {until}\n\n{company}\n",
        "{headline}. {text} From {from} until {until}.",
    ),
    (
        ENDS,
        "An outage is over",
        "Over: {headline}",
        "Dear {name}\n\nThis is over since {ended}: {headline}.\n\n{company}\n",
        "Over since {ended}: {headline}.",
    ),
    (
        OFF,
        "Maintenance is called off",
        "Called off: {headline}",
        "Dear {name}\n\nThis is called off: {headline}, planned from {from} until {until}.\n\n{company}\n",
        "Called off: {headline}, planned from {from} until {until}.",
    ),
)


def _say(name: str, title: str, channel: str, subject: str, text: str) -> None:
    templates.register(
        Template(
            name=name,
            title=title,
            group="Data accounts",
            channel=channel,
            subject=subject,
            text=text,
            purpose=Purpose.OUTAGES,
            fields=FIELDS,
            rank=30,
            order=70,
        )
    )


for name, title, subject, text, short in SENTENCES:
    _say(name, title, EMAIL, subject, text)
    _say(f"{name}-sms", f"{title}, by SMS", SMS, "", short)


def _page(run: Run) -> str:
    return reverse("dataaccounts:outage", args=[run.params["outage"]])


run_kinds.register(
    RunKind(
        name=RUN,
        title="Outage messages",
        permission="dataaccounts.tell_outage",
        see_permission="dataaccounts.view_outage",
        queue=Queue.MESSAGES,
        function=outage_messages.work,
        result_url=_page,
    )
)
menu.register(
    MenuEntry(
        "dataaccounts.outages",
        "Outages",
        "dataaccounts:outages",
        "dataaccounts.view_outage",
        order=70,
        parent="dataaccounts",
    )
)


def _lines(customer: Customer) -> list[dict[str, str]]:
    now = stamp()
    return [
        {
            "text": _said(outage),
            "tone": "warn" if outage.starts_at <= now else "",
            "url": reverse("dataaccounts:outage", args=[outage.pk]),
            "label": "Open",
        }
        for outage in outages_of(customer=customer, now=now)
    ]


def _said(outage: Outage) -> str:
    """`Outage at Koppie since 2018-08-22 12:00: No service`; maintenance says from when until when."""
    begins = moment(outage.starts_at)
    if outage.kind == Outage.Kind.MAINTENANCE and outage.ends_at:
        when = f"from {begins} until {moment(outage.ends_at)}"
    else:
        expected = f", expected until {moment(outage.ends_at)}" if outage.ends_at else ""
        when = f"since {begins}{expected}"
    return f"{outage.get_kind_display()} at {outage.place} {when}: {outage.headline}"


banners.register(Banner("outages", "dataaccounts.view_outage", _lines, order=35))


def _tile(person: Any) -> dict[str, Any] | None:
    """Outages that last; planned ones are told of, not counted, until they begin."""
    now = stamp()
    found = [one for one in lasting(now=now) if one.starts_at <= now]
    if not found:
        return None
    return {
        "figure": len(found),
        "what": "Outages" if len(found) > 1 else "Outage",
        "sub": found[-1].headline,
        "url": f"{reverse('dataaccounts:outages')}?lasting=true",
        "icon": "signal-slash",
        "tone": "bad",
    }


tiles.register(Tile("outages", "Outages", "dataaccounts.view_outage", "tiles/_figure.html", _tile, order=30))
