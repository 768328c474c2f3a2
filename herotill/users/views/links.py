"""Forgotten passwords: asking for a mailed link, and the page it opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django_htmx.http import HttpResponseClientRedirect

from herotill.access import public_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.jobs import nudge
from herotill.links import link_view
from herotill.pages import page
from herotill.users import doors
from herotill.users.forms import Forgot, NewPassword
from herotill.users.services import links
from herotill.users.services.throttle import TooSoon

from .answers import counted, too_soon

LABELS = {doors.STAFF.kind: "Log-in name or email", doors.PORTAL.kind: "Customer code or email"}


@public_view
def forgot(request: HttpRequest) -> HttpResponse:
    """Asks for a link. The answer is the same whoever is named."""
    door = doors.of(request)
    form = Forgot(request.POST or None, label=LABELS[door.kind])
    context: dict[str, Any] = {"door": door, "page_title": "Forgotten password", "home_url": door.home}
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            counted(request, f"forgot {door.kind}", name)
        except TooSoon as trouble:
            form.add_error(None, str(trouble))
            return too_soon(page(request, "users/forgot.html", form=form, **context), trouble)
        links.ask(door=door, name=name)
        nudge("log-in-mail")
        return page(request, "users/asked.html", **context)
    return page(request, "users/forgot.html", form=form, **context)


@sensitive_post_parameters("new", "again")
@link_view
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a mailed link opens: a form with a button. Opening it changes nothing; the button sets the password."""
    door, now = doors.of(request), timezone.now()
    context: dict[str, Any] = {"door": door, "page_title": "Set your password", "home_url": door.home}
    found = links.find(door=door, token=token, now=now)
    if found is None or found.user is None:
        return page(request, "users/link_over.html", status=410, **context)
    form = NewPassword(request.POST or None, user=found.user)
    if request.method == "POST" and form.is_valid():
        try:
            links.use(door=door, token=token, password=form.cleaned_data["new"], now=now)
        except DomainError as trouble:
            refuse(form, trouble)
        else:
            nudge("log-in-mail")
            messages.success(request, "Your password is set. Log in with it.")
            return _onward(request, door)
    template = "users/_link_form.html" if "HX-Request" in request.headers else "users/link.html"
    return page(request, template, form=form, **context)


def _onward(request: HttpRequest, door: doors.Door) -> HttpResponse:
    # The page was sent with no-referrer, so a plain form would come without an Origin and fail the CSRF check.
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(door.login_url)
    return redirect(door.login_url)
