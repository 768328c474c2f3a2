"""A master goes from its own account to a sub-account and back; a sub-account says what its master sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from customers.selectors.sub_accounts import shares, subs_of
from customers.services import sharing as services
from herotill.access import portal_view
from herotill.portal import Seat, seat
from herotill.users import doors

A_PAGE = 50


def _own(request: HttpRequest) -> Seat:
    """Who sits here by their own log-in; to staff who look there is no such page."""
    here = seat(request)
    if here.looking is not None:
        raise Http404
    return here


@require_safe
@portal_view
def accounts(request: HttpRequest) -> HttpResponse:
    """The master's own account and those under it, to choose from."""
    here = _own(request)
    if not here.has_subs:
        raise Http404
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = subs_of(here.own, words=words).annotate(shared=shares())
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "page_title": gettext("Change account")}
    return render(request, "portal/accounts/list.html", context)


@require_POST
@portal_view
def switch(request: HttpRequest) -> HttpResponse:
    """Go to the account with the posted code: one's own, or one under it. The log-in gets a new key."""
    here, code = _own(request), request.POST.get("code", "").replace("\0", "")
    if code == here.own.code:
        request.session.pop(doors.SUB, None)
    else:
        sub = subs_of(here.own).filter(code=code).first()
        if sub is None:
            raise Http404
        request.session[doors.SUB] = sub.pk
    request.session.cycle_key()
    rotate_token(request)  # a form that still stands open elsewhere is about another account
    return redirect(doors.PORTAL.home)


@portal_view
def sharing(request: HttpRequest) -> HttpResponse:
    """What the master sees of this account, and whether that is all."""
    here = _own(request)
    if here.is_sub or here.own.master_id is None:
        raise Http404
    if request.method == "POST":
        return _changed(request, here)
    shared = type(here.own).objects.filter(pk=here.own.pk).values_list(shares(), flat=True)[0]
    context = {"master": here.own.master, "shared": shared, "page_title": gettext("Who sees your account")}
    return render(request, "portal/accounts/sharing.html", context)


def _changed(request: HttpRequest, here: Seat) -> HttpResponse:
    user: Any = request.user
    if request.POST.get("share"):
        services.agree(customer=here.own, actor=user)
        messages.success(request, gettext("They see everything from now on."))
    else:
        services.stop(customer=here.own)
        messages.success(request, gettext("They no longer see what is private."))
    return redirect("portal-sharing")
