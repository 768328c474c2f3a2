"""The profile: the blank page, the head, and the page with its cards."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from customers import cards
from customers.models import Customer
from customers.screen import banners, explanations, head_facts, widgets
from customers.selectors import profile as profiles
from customers.services import arrangement, recents
from customers.views.picker import is_about
from herotill.access import may, staff_view
from herotill.typed import can_be_kept


def find_customer(code: str) -> Customer:
    """The customer with this code, or 404."""
    customer = profiles.customer(code=code) if can_be_kept(code) else None
    if customer is None:
        raise Http404(f"There is no customer {code}.")
    return customer


def _asks(user: Any, name: str, customer: Customer) -> str:
    """Where this person can ask why a figure is what it is."""
    told = explanations.get(name)
    return told.url(customer) if told and may(user, told.permission) else ""


def head_context(request: HttpRequest, customer: Customer) -> dict[str, object]:
    """What stands above the cards: facts, banners, pop-up notes."""
    user = request.user
    facts = [
        {"name": fact.name, "label": fact.label, "asks": _asks(user, fact.name, customer), **shown}
        for fact in head_facts
        if may(user, fact.permission) and (shown := fact.value(customer))
    ]
    news = [banner for banner in banners if may(user, banner.permission)]
    silent = profiles.without(customer, {one.name: one.about(customer) for one in news if one.about})
    lines = [line for banner in news if banner.name not in silent for line in banner.lines(customer)]
    notes = may(user, "customers.view_customernote")
    return {
        "customer": customer,
        "facts": facts,
        "banners": lines,
        "subs": profiles.subs(customer=customer),
        "popups": list(profiles.popups(customer=customer, user=user)) if notes else [],
    }


@staff_view("customers.view_customer")
def blank(request: HttpRequest) -> HttpResponse:
    """The profile page that waits for a choice in the customer picker."""
    return render(request, "customers/blank.html", {"page_title": "Edit customer"})


@staff_view("customers.view_customer")
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """The customer edit screen."""
    if code != code.upper():
        return redirect("customers:profile", code.upper())
    customer = find_customer(code)
    recents.opened(user=request.user, customer=customer)
    is_about(request, customer)
    shown = cards.page(customer=customer, user=request.user, request=request)
    context = head_context(request, customer) | {
        "cards": shown,
        "hidden": len(widgets) - len(shown),
        "page_title": str(customer),
    }
    return render(request, "customers/profile.html", context)


@require_POST
@staff_view("customers.view_customer")
def arrange(request: HttpRequest) -> HttpResponse:
    """Keep this person's arrangement of the cards: `order` of all, or `card` with `collapsed`."""
    known = [name for name in request.POST.get("order", "").split(",") if name in widgets]
    folded = [name for name in request.POST.get("card", "").split(",") if name in widgets]
    arrangement.save(
        user=request.user, order=known or None, cards=folded, collapsed=bool(request.POST.get("collapsed"))
    )
    return HttpResponse(status=204)


@staff_view("customers.view_customer")
def head(request: HttpRequest, code: str) -> HttpResponse:
    """The profile's head alone, which reloads when something it shows has changed."""
    return render(request, "customers/_head.html", head_context(request, find_customer(code)))
