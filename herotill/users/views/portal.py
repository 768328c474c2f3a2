"""The customers' home: cards that apps register."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from herotill.access import portal_view
from herotill.pages import page
from herotill.portal import seat, sees
from herotill.tiles import PortalCard, portal_cards


@portal_view
def home(request: HttpRequest) -> HttpResponse:
    """What concerns this customer now."""
    here = seat(request)
    made = [(card, card.context(here.customer)) for card in portal_cards if _is_shown(request, card)]
    cards = [(card, context) for card, context in made if context is not None]
    return page(
        request, "users/portal_home.html", cards=cards, customer=here.customer, page_title=gettext("Home")
    )


def _is_shown(request: HttpRequest, card: PortalCard) -> bool:
    return sees(request, card.permission) and (seat(request).sees_private or not card.private)
