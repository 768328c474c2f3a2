"""What the customers' portal gets of data accounts, and what staff get of what is asked for there."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Purpose
from dataaccounts.portal import cards
from dataaccounts.selectors import wishes
from dataaccounts.services.package_wishes import ANSWERED
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import Field, Template, templates
from herotill.portal import PortalEntry, portal_menu
from herotill.tiles import PortalCard, Tile, portal_cards, tiles

portal_menu.register(PortalEntry("services", _("Services"), "portal-services", "wifi", order=30))
portal_menu.register(PortalEntry("usage", _("Usage"), "portal-usage", "chart-bar", order=40))
portal_menu.register(PortalEntry("outages", _("Outages"), "portal-outages", "signal-slash", order=75))
portal_cards.register(
    PortalCard(
        name="outages",
        title=_("Outages and maintenance"),
        template_name="portal/services/_outages_card.html",
        context=cards.outages,
        order=10,
        permission="dataaccounts.view_outage",
    )
)
portal_cards.register(
    PortalCard(
        name="services",
        title=_("Your services"),
        template_name="portal/services/_services_card.html",
        context=cards.services,
        order=30,
        permission="dataaccounts.view_dataaccount",
    )
)
portal_cards.register(
    PortalCard(
        name="phone",
        title=_("Phone"),
        template_name="portal/services/_phone_card.html",
        context=cards.phone,
        order=35,
        permission="dataaccounts.view_call",
        private=True,
    )
)
menu.register(
    MenuEntry(
        "dataaccounts.wishes",
        "Packages asked for",
        "dataaccounts:wishes",
        "dataaccounts.view_packagechange",
        order=25,
        parent="dataaccounts",
        counter=lambda person: wishes.count(),
    )
)
templates.register(
    Template(
        name=ANSWERED,
        title="A package that was asked for is answered",
        group="Data accounts",
        channel="email",
        subject="Your request for {package}",
        text="Dear {name}\n\nYou asked for {package} for {username}.\n\n{answer}\n",
        purpose=Purpose.PORTAL,
        fields=(
            Field("name", "The customer's name", "Alice Liddel"),
            Field("username", "The data account", "alice@isp.example"),
            Field("package", "What was asked for", "50Mb/s Uncapped"),
            Field("answer", "What became of it", "It changes on 2018-09-01."),
        ),
        order=80,
    )
)


def _tile(person: Any) -> dict[str, Any] | None:
    """How many customers wait for an answer."""
    found = wishes.count()
    if not found:
        return None
    return {
        "figure": found,
        "what": "Packages asked for" if found > 1 else "Package asked for",
        "sub": "in the portal",
        "url": reverse("dataaccounts:wishes"),
        "icon": "arrows-right-left",
        "tone": "warn",
    }


tiles.register(
    Tile(
        "packages-asked",
        "Packages asked for",
        "dataaccounts.add_packagechange",
        "tiles/_figure.html",
        _tile,
        35,
    )
)
