"""What a customer pays every month, and what a master pays for its sub-accounts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.models import SubAccountMode
from billing.selectors import monthly, own_account
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.pages import page
from herotill.portal import seat

Mode = SubAccountMode.Mode


@require_safe
@portal_view("billing.view_recurringitem")
def every_month(request: HttpRequest) -> HttpResponse:
    """Each thing that is billed every month. A reseller's client reads no prices: they are between us and it."""
    customer, day = theirs(request), timezone.localdate()
    mode = own_account.mode_of(customer=customer, day=day)
    found = monthly.of(customer=customer, day=day)
    return page(
        request,
        "portal/money/monthly.html",
        tab="monthly",
        page_title=_("What you pay every month"),
        found=found,
        total=monthly.total(found, day),
        today=day,
        payer=customer.master if mode != Mode.ITSELF else None,
        prices=mode != Mode.RESELLER or seat(request).is_sub,
    )


@require_safe
@portal_view("billing.view_document")
def subs(request: HttpRequest) -> HttpResponse:
    """The sub-accounts of a master: whom their bills go to, and what stands there."""
    if not seat(request).has_subs or seat(request).is_sub:
        raise Http404
    found = monthly.subs_of(customer=theirs(request), day=timezone.localdate())
    return page(request, "portal/money/subs.html", tab="subs", page_title=_("Sub-accounts"), subs=found)
