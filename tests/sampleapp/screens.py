"""What the sample app puts on the screens of customers and on their portal."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.models import Customer
from customers.screen import Banner, CreateTab, HeadFact, banners, create_tabs, head_facts
from herotill.tiles import PortalCard, portal_cards
from tests.sampleapp.models import Gadget


def how_many(customer: Customer) -> dict[str, str] | None:
    found = Gadget.objects.filter(customer=customer).count()
    return {"text": f"{found} gadgets"} if found else None


def large_ones(customer: Customer) -> list[dict[str, str]]:
    return [
        {"text": f"{gadget.name} is large.", "tone": "warn"}
        for gadget in Gadget.objects.filter(customer=customer, size=Gadget.Size.LARGE)
    ]


class FirstGadget(forms.Form):
    gadget = forms.CharField(required=False)


def save_first(*, customer: Customer, data: dict[str, Any], actor: Any) -> None:
    if data["gadget"]:
        Gadget.objects.create(customer=customer, name=data["gadget"])


def card(customer: Customer) -> dict[str, Any] | None:
    """For people alone; without a query, since the portal's home has a budget."""
    return None if customer.is_company else {"code": customer.code}


head_facts.register(HeadFact("sample-gadgets", "Gadgets", "sampleapp.view_gadget", how_many, order=900))
banners.register(Banner("sample-large", "sampleapp.view_gadget", large_ones, order=900))
create_tabs.register(
    CreateTab("sample", "Gadget", "sampleapp.add_gadget", FirstGadget, save_first, order=900)
)
portal_cards.register(PortalCard("sample-gadgets", "Gadgets", "sampleapp/card.html", card, order=900))
