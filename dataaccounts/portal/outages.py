"""Trouble and maintenance at the places their services hang on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.portal.answers import theirs
from dataaccounts.selectors.outages import outages_of
from herotill.access import portal_view
from herotill.pages import page


@require_safe
@portal_view("dataaccounts.view_outage")
def outages(request: HttpRequest) -> HttpResponse:
    """What is out now, and what is planned."""
    now = timezone.now()
    found = outages_of(customer=theirs(request), now=now)
    return page(
        request,
        "portal/services/outages.html",
        page_title=_("Outages and maintenance"),
        outages=found,
        now=now,
    )
