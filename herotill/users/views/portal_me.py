"""A customer's own log-in: password, second factor, where they are logged in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from herotill.access import portal_view
from herotill.errors import DomainError
from herotill.jobs import nudge
from herotill.pages import me, page
from herotill.portal import seat
from herotill.users import sessions
from herotill.users.forms import ChangePassword, Code, Unlock
from herotill.users.selectors import people
from herotill.users.services import second_factor
from herotill.users.services.throttle import TooSoon

from .answers import too_soon
from .me import change_password, is_confirmed, offered_secret, set_up_factor

Page = Callable[..., HttpResponse]


def own_log_in(view: Page) -> Page:
    """A page of the log-in itself: to staff who look as the customer it is not there."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if seat(request).looking is not None:
            raise Http404
        return view(request, *args, **kwargs)

    return portal_view(inner)


@require_safe
@own_log_in
def security(request: HttpRequest) -> HttpResponse:
    """Everything about one's log-in on one page."""
    return _page(request, Unlock())


def _page(request: HttpRequest, form: Unlock) -> HttpResponse:
    user = me(request)
    context = {
        "log_ins": people.log_ins(user),
        "own": request.session.session_key,
        "has_factor": second_factor.is_set_up(user),
        "codes_left": second_factor.codes_left(user),
        "page_title": gettext("Your log-in"),
    }
    return page(request, "portal/security/page.html", form=form, **context)


@sensitive_post_parameters("password", "new", "again")
@own_log_in
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other log-ins end."""
    user: Any = me(request)
    form = ChangePassword(request.POST or None, user=user)
    title = gettext("Change your password")
    try:
        if request.method == "POST" and is_confirmed(request, form):
            change_password(request, form)
            messages.success(request, gettext("Your password is changed. Your other log-ins have ended."))
            return redirect("users:portal-security")
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return too_soon(page(request, "portal/security/password.html", form=form, page_title=title), trouble)
    return page(request, "portal/security/password.html", form=form, page_title=title)


@own_log_in
def factor_start(request: HttpRequest) -> HttpResponse:
    """Set up a second factor: scan the picture, type the first code, keep the recovery codes."""
    user: Any = me(request)
    if second_factor.is_set_up(user):
        return redirect("users:portal-security")
    secret = offered_secret(request)
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid() and (codes := set_up_factor(request, form)):
        return _codes(request, codes)
    drawing = second_factor.drawing(user=user, secret=secret)
    context = {"drawing": drawing, "secret": secret, "page_title": gettext("Second step at log-in")}
    return page(request, "portal/security/factor.html", form=form, **context)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return page(request, "portal/security/codes.html", codes=codes, page_title=gettext("Recovery codes"))


@sensitive_post_parameters("password")
@require_POST
@own_log_in
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    return _with_password(request, lambda: _renewed(request))


def _renewed(request: HttpRequest) -> HttpResponse:
    codes = second_factor.renew_codes(user=me(request))
    nudge("log-in-mail")
    return _codes(request, codes)


@sensitive_post_parameters("password")
@require_POST
@own_log_in
def factor_off(request: HttpRequest) -> HttpResponse:
    """Do without a second factor."""
    return _with_password(request, lambda: _switched_off(request))


def _switched_off(request: HttpRequest) -> HttpResponse:
    second_factor.switch_off(user=me(request))
    nudge("log-in-mail")
    messages.success(request, gettext("The second step is switched off."))
    return redirect("users:portal-security")


def _with_password(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do something delicate once the password is confirmed."""
    form = Unlock(request.POST)
    try:
        if is_confirmed(request, form):
            return act()
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return too_soon(_page(request, form), trouble)
    except DomainError as trouble:
        form.add_error(None, str(trouble))
    return _page(request, form)


@require_POST
@own_log_in
def end_others(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else."""
    count = sessions.end_all(user_id=me(request).pk, keep=request.session.session_key)
    said = ngettext("%(count)s other log-in ended.", "%(count)s other log-ins ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("users:portal-security")


@require_POST
@own_log_in
def end_one(request: HttpRequest, handle: str) -> HttpResponse:
    """End one other log-in."""
    if not sessions.end_one(user_id=me(request).pk, handle=handle):
        raise Http404
    messages.success(request, gettext("This log-in has ended."))
    return redirect("users:portal-security")
