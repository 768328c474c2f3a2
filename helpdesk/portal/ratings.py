"""Ratings in the portal: what they were asked to rate, us in general, what they gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.portal.answers import theirs
from helpdesk.forms.ratings import RatingForm
from helpdesk.models import Rating
from helpdesk.policies.ratings import may_rate_again
from helpdesk.selectors import ratings as reading
from helpdesk.selectors.sources import asks
from helpdesk.services import ratings
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import page, posted
from herotill.portal import private_view

SEE = "helpdesk.view_rating"
SHOWN = 20


@private_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """What waits to be rated, a form for us in general where that is switched on, and what they gave."""
    customer, now = theirs(request), timezone.now()
    form = RatingForm(posted(request))

    def give(data: dict[str, Any]) -> Rating:
        return ratings.give_in_general(customer=customer, now=now, **data)

    if form.is_bound and _given(request, form, give):
        return redirect("portal-ratings")
    waiting, given = reading.waiting_for(customer, now), reading.given_by(customer, limit=SHOWN)
    names = reading.titles([*waiting, *given])
    last = reading.last_in_general(customer)
    return page(
        request,
        "portal/ratings/list.html",
        form=form if form.is_bound or (asks("rate_in_general") and may_rate_again(last, now)) else None,
        waiting=[(one, names.get(one.pk, "")) for one in waiting if one.kind != Rating.Kind.GENERAL],
        given=[(one, names.get(one.pk, "")) for one in given],
        page_title=_("Rate us"),
    )


@private_view(SEE)
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Something they were asked to rate."""
    customer, now = theirs(request), timezone.now()
    found = next((one for one in reading.waiting_for(customer, now) if one.pk == pk), None)
    if found is None:
        raise Http404
    form = RatingForm(posted(request))

    def give(data: dict[str, Any]) -> Rating:
        return ratings.give_asked(rating=pk, customer=customer, now=now, **data)

    if form.is_bound and _given(request, form, give):
        return redirect("portal-ratings")
    subject = reading.titles([found]).get(found.pk, "")
    title = _("Your rating")
    return page(
        request, "portal/ratings/rate.html", form=form, rating=found, subject=subject, page_title=title
    )


def _given(request: HttpRequest, form: RatingForm, give: Callable[[dict[str, Any]], Rating]) -> bool:
    if not form.is_valid():
        return False
    try:
        give(form.cleaned_data)
    except DomainError as no:
        refuse(form, no)
        return False
    messages.success(request, _("Thank you. We read every rating."))
    return True
