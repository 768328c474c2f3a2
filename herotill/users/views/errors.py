"""What a person reads when there is no page for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from herotill.access import public_view
from herotill.users.doors import PORTAL, of
from herotill.users.selectors.people import whom_to_ask

API = "/api/"


def _said(request: HttpRequest, status: int, template: str, plain: str, **context: Any) -> HttpResponse:
    """A sentence for what is put into a page, a page for what is one; a program gets the API's shape."""
    if request.path.startswith(API):
        code = "not_found" if status == 404 else "broken" if status == 500 else "refused"
        return JsonResponse({"error": {"code": code, "message": plain, "fields": {}}}, status=status)
    if "HX-Request" in request.headers or "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(plain, status=status, content_type="text/plain; charset=utf-8")
    home = of(request).home
    return render(request, template, {"home_url": home, **context}, status=status)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not; says whom to ask."""
    whom = "us" if of(request) is PORTAL else whom_to_ask()
    plain = f"You do not have the right to this. Ask {whom}."
    return _said(request, 403, "403.html", plain, whom=whom, page_title="Not for you")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 404, "404.html", "There is no such page.", page_title="Not found")


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """Our mistake. Asks nothing of database or session, which may be what broke."""
    plain = "Something went wrong on our side. It was written down; try again in a moment."
    return _said(request, 500, "500.html", plain, page_title="Something went wrong", is_broken=True)


@public_view
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or the request came from elsewhere."""
    plain = "This page was open too long. Load it again, then repeat what you did."
    return _said(request, 403, "403_csrf.html", plain, page_title="Load the page again")
