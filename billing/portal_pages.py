"""What billing adds to the customers' portal: its line in the navigation and the card of what is due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.selectors import cancellations, own_account
from customers.models import Customer
from herotill.clock import local_day, stamp
from herotill.portal import PortalEntry, portal_menu
from herotill.tiles import PortalCard, portal_cards

portal_menu.register(PortalEntry("bills", _("Bills"), "portal-bills", "banknotes", order=20))


def _due(customer: Customer) -> dict[str, Any]:
    return {"due": own_account.due(customer=customer, day=local_day(stamp()))}


def _leaving(customer: Customer) -> dict[str, Any] | None:
    running = cancellations.all_running(customer=customer)
    return {"running": running} if running else None


portal_cards.register(
    PortalCard(
        "due",
        _("What you owe"),
        "portal/money/_due_card.html",
        _due,
        order=10,
        permission="customers.see_customer_balance",
    )
)
portal_cards.register(
    PortalCard(
        "leaving",
        _("Your cancellation"),
        "portal/money/_leaving_card.html",
        _leaving,
        order=15,
        permission="billing.view_cancellation",
        private=True,
    )
)
