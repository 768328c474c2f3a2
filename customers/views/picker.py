"""The customer picker at the top right: who was opened last, then who matches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from customers.models import Customer
from customers.selectors import recents
from herotill.access import staff_view
from herotill.search import find
from herotill.search.options import groups

MOST = 12


@require_safe
@staff_view("customers.view_customer")
def picker(request: HttpRequest) -> HttpResponse:
    """Options for what is typed; before anything is, the customers this person opened last."""
    text = request.GET.get("q", "")
    if text.strip():
        found = find(request.user, text, kinds=["customer"], limit=MOST)
        context = {"groups": groups(found), "nothing": "No such customer."}
    else:
        context = {"groups": _recent(request), "nothing": "Type a name, code, phone number or email address."}
    return render(request, "partials/options.html", context)


def _recent(request: HttpRequest) -> list[dict[str, Any]]:
    options = [_option(customer) for customer in recents.latest(user=request.user)]
    return [{"label": "Opened last", "options": options}] if options else []


def _option(customer: Customer) -> dict[str, Any]:
    return {"url": customer.get_absolute_url(), "label": customer.listed_name, "code": customer.code}


def current(request: HttpRequest) -> str:
    """Which customer the page is about: code and name as the view says them, or the code of the address."""
    said = getattr(request, "about_customer", None)
    if said:
        return f"{said.code} {said.name}"
    match = request.resolver_match
    return str(match.kwargs.get("code", "")) if match and match.namespace == "customers" else ""


def is_about(request: HttpRequest, customer: Customer) -> None:
    """Let the picker of this page say the customer's name."""
    request.about_customer = customer  # type: ignore[attr-defined]
