"""The public sign-up page: open only where the sales settings say so. Opening it, and asking of a town, change nothing."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing.services import letterheads
from herotill.access import public_view
from herotill.network import address_of, network_of
from herotill.users.services.throttle import TooSoon, admit
from workflow.forms.sign_up import ONCE_MORE, SignUpForm, new_stamp
from workflow.models import SalesRules
from workflow.policies.sign_up import SLOWEST
from workflow.selectors import areas
from workflow.services import signing_up

PAGE, DONE, CLOSED = (f"workflow/sign_up/{name}.html" for name in ("form", "done", "closed"))


def _is_open() -> bool:
    return SalesRules.objects.filter(sign_up_open=True).exists()


def _closed(request: HttpRequest) -> HttpResponse:
    return _page(request, CLOSED, 404)


def _page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    given = {"page_title": "Sign up", "ours": letterheads.today().details, **context}
    return render(request, template, given, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@public_view
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form; what is sent becomes a lead, and the answer is the same whoever somebody is."""
    if not _is_open():
        return _closed(request)
    if request.method == "POST":
        return _sent(request)
    return _form(request, SignUpForm())


def _form(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    kept = form.data.get("stamp") if form.is_bound and form.opened(timezone.now()) else ""
    context = {
        "form": form,
        "stamp": kept or new_stamp(timezone.now()),
        "places": areas.covered_places(),
        "coverage": _coverage(form.data) if form.is_bound else None,
    }
    return _page(request, PAGE, status, **context)


def _sent(request: HttpRequest) -> HttpResponse:
    form, now = SignUpForm(request.POST), timezone.now()
    if not form.is_valid():
        return _form(request, form, 422)
    if form.is_from_a_machine:
        return _page(request, DONE)
    opened = form.opened(now)
    if not opened:
        form.add_error(None, ONCE_MORE)
        return _form(request, form, 422)
    try:
        admit(action="sign up", name=form.cleaned_data["phone"], network=network_of(address_of(request)))
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return _form(request, form, 429)
    _once(opened, form, now)
    return _page(request, DONE)


def _once(opened: str, form: SignUpForm, now: Any) -> None:
    """Whoever sends the same form twice has signed up once."""
    key = f"sign-up:{opened}"
    if cache.add(key, 1, int(SLOWEST.total_seconds())):
        try:
            signing_up.sign_up(values=form.values(), now=now)
        except BaseException:
            cache.delete(key)
            raise


@require_safe
@public_view
def coverage(request: HttpRequest) -> HttpResponse:
    """Whether we reach a town or suburb, for the form while it is filled in."""
    if not _is_open():
        return _closed(request)
    given = SignUpForm(request.GET)
    return render(
        request,
        "workflow/sign_up/_coverage.html",
        {"coverage": _coverage(request.GET), "form": given},
    )


def _coverage(typed: Any) -> areas.Coverage | None:
    suburb, town = (str(typed.get(name, ""))[:100].strip() for name in ("suburb", "town"))
    return areas.coverage(suburb, town) if suburb or town else None
