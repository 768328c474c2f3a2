"""Our logo, colour and terms, as the customers' pages show them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from herotill.access import public_view
from herotill.headers import kept_for
from herotill.reference.policies import colours
from herotill.reference.selectors.brand import brand
from herotill.reference.selectors.company import company

DAY = 86_400


@require_safe
@public_view
def logo(request: HttpRequest) -> HttpResponse:
    """The logo as PNG; its address changes with it."""
    picture = company().logo
    if not picture:
        raise Http404
    return kept_for(HttpResponse(bytes(picture), content_type="image/png"), seconds=DAY)


@require_safe
@public_view
def colour(request: HttpRequest) -> HttpResponse:
    """Our colour in shades that can be read, as a style sheet."""
    ours = brand().accent
    context = {"light": colours.light(ours), "dark": colours.dark(ours)}
    return kept_for(render(request, "portal/colours.css", context, content_type="text/css"), seconds=DAY)


@require_safe
@public_view
def terms(request: HttpRequest) -> HttpResponse:
    """What customers agree to; also before they log in."""
    words = company().terms
    if not words:
        raise Http404
    return render(request, "portal/terms.html", {"words": words, "page_title": gettext("Terms")})
