"""The customers' home: cards that apps register."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from herotill.access import portal_view
from herotill.tiles import portal_cards

from .answers import page


@portal_view
def home(request: HttpRequest) -> HttpResponse:
    """What concerns this customer now."""
    customer = request.customer  # type: ignore[attr-defined]
    made = [(card, card.context(customer)) for card in portal_cards]
    cards = [(card, context) for card, context in made if context is not None]
    return page(request, "users/portal_home.html", cards=cards, customer=customer, page_title="Home")
