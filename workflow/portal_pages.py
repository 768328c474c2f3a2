"""What the workflow adds to the customers' portal: navigation and cards of its home."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from herotill.demo import DemoPart, demo_parts
from herotill.portal import PortalEntry, portal_menu
from herotill.tiles import PortalCard, portal_cards
from workflow.demo.own_things import make_own_things
from workflow.portal import cards

portal_menu.register(PortalEntry("details", _("My details"), "portal-details", "user-circle", 50))
portal_menu.register(PortalEntry("quotes", _("Quotes"), "portal-quotes", "document-currency-dollar", 60))
portal_cards.register(
    PortalCard(
        name="details-check",
        title=_("Please check your details"),
        template_name="portal/workflow/_check_card.html",
        context=cards.check,
        order=15,
        permission="customers.view_customer",
        private=True,
    )
)
portal_cards.register(
    PortalCard(
        name="quotes",
        title=_("Quotes that wait for you"),
        template_name="portal/workflow/_quotes_card.html",
        context=cards.quotes,
        order=25,
        permission="workflow.view_quote",
    )
)
demo_parts.register(DemoPart("own changes and quotes", make_own_things, order=92))
