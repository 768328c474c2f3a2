"""The page that a mailed link opens: a rating is given, once. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.forms.ratings import RatingForm
from helpdesk.models import Rating
from helpdesk.selectors import ratings as reading
from helpdesk.services import ratings
from herotill.errors import DomainError
from herotill.links import link_view


@require_http_methods(["GET", "HEAD", "POST"])
@link_view
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The rating that is asked for. A link that was used or is too old says only that."""
    found = ratings.find(token=token, now=timezone.now())
    if found is None:
        return _page(request, "over", 410)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ratings.give_by_link(token=token, now=timezone.now(), **form.cleaned_data)
        except DomainError:
            return _page(request, "over", 410)
        return _page(request, "thanks", 200)
    return _page(request, "rate", 422 if form.errors else 200, form=form, **_about(found))


def _about(rating: Rating) -> dict[str, Any]:
    return {"rating": rating, "subject": reading.titles([rating]).get(rating.pk, "")}


def _page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    given = context | {"page_title": _("Your rating")}
    response = render(request, f"helpdesk/ratings/{name}.html", given, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
