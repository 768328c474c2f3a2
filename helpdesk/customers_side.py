"""What the customers' side of tickets adds to the portal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

import helpdesk.ticket_messages  # noqa: F401
from customers.models import Customer
from helpdesk.selectors import customers_tickets as reading
from helpdesk.selectors.rules import portal_opens_tickets
from herotill.portal import PortalEntry, portal_menu
from herotill.tiles import PortalCard, portal_cards

SHOWN = 5

portal_menu.register(PortalEntry("tickets", _("Tickets"), "portal-tickets", "lifebuoy", order=40))


def _card(customer: Customer) -> dict[str, Any]:
    return {"tickets": reading.open_ones(customer, limit=SHOWN), "may_open": portal_opens_tickets()}


portal_cards.register(
    PortalCard(
        "tickets",
        _("Your tickets"),
        "portal/tickets/card.html",
        _card,
        order=60,
        permission="helpdesk.view_ticket",
        private=True,
    )
)
