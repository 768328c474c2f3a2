"""The search box of every page, and the page of all it finds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from herotill.access import staff_view
from herotill.search import Found, find
from herotill.search.options import NOTHING, groups

IN_THE_BOX, ON_THE_PAGE = 7, 20


@require_safe
@staff_view()
def search(request: HttpRequest) -> HttpResponseBase:
    """Options for the box while somebody types; for Enter (`go`) the object whose code it is, or all answers."""
    text = request.GET.get("q", "")
    if request.headers.get("HX-Request"):
        return _options(request, find(request.user, text, limit=IN_THE_BOX))
    found = find(request.user, text, limit=ON_THE_PAGE)
    if "go" in request.GET and len(found.exact) == 1:
        return redirect(found.exact[0].url)
    context = {"page_title": "Search", "found": found, "groups": groups(found), "nothing": NOTHING}
    return render(request, "search/page.html", context)


def _options(request: HttpRequest, found: Found) -> HttpResponse:
    if not found.words:
        return HttpResponse()
    shown: list[dict[str, Any]] = groups(found)
    if any(group.more for group in found.groups):
        url = f"{reverse('search')}?{urlencode({'q': found.text})}"
        shown.append(
            {"label": "More", "options": [{"url": url, "label": "Show all answers", "icon": "queue-list"}]}
        )
    return render(request, "partials/options.html", {"groups": shown, "nothing": NOTHING})
