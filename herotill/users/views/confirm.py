"""Showing that it is still oneself, before something delicate such as a change of bank details."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django_htmx.http import HttpResponseClientRedirect

from herotill.pages import page
from herotill.users.forms import Code, Unlock
from herotill.users.services import second_factor
from herotill.users.services.throttle import TooSoon

from .answers import counted, too_soon

FRESH_FOR = timedelta(minutes=5)
CONFIRMED_AT = "confirmed_at"
PREFIX = "confirm"
ASKED_FROM = f"{PREFIX}-of"
View = Callable[..., HttpResponseBase]


def fresh_second_factor(view: View) -> View:
    """Have a view ask for the second factor again unless it was given in the last five minutes of this log-in.

    Whoever has none gives the password. It stands below `staff_view`. What was posted meanwhile is carried
    along and reaches the view once the answer is right.
    """

    @wraps(view)
    @sensitive_post_parameters(f"{PREFIX}-password", f"{PREFIX}-code")
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        if not is_fresh(request, now=now):
            refused = _ask(request, now)
            if refused is not None:
                return refused
        return view(request, *args, **kwargs)

    return inner


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this log-in gave its second factor within the last five minutes."""
    given: str = request.session.get(CONFIRMED_AT, "")
    return given != "" and now - datetime.fromisoformat(given) < FRESH_FOR


def _ask(request: HttpRequest, now: datetime) -> HttpResponseBase | None:
    """The question, or where to go on; nothing where the view itself goes on with what was posted."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(request.path)
    form = _form(request)
    if not form.is_bound:
        return _page(request, form)
    try:
        right = form.is_valid() and _is_right(request, form)
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return too_soon(_page(request, form), trouble)
    if not right:
        return _page(request, form)
    request.session[CONFIRMED_AT] = now.isoformat()
    return redirect(request.get_full_path()) if request.POST.get(ASKED_FROM) == "GET" else None


def _form(request: HttpRequest) -> Any:
    kind = Code if second_factor.is_set_up(request.user) else Unlock  # type: ignore[arg-type]
    return kind(request.POST if ASKED_FROM in request.POST else None, prefix=PREFIX)


def _is_right(request: HttpRequest, form: Any) -> bool:
    user: Any = request.user
    attempt = counted(request, "unlock", str(user.pk))
    given = form.cleaned_data
    if "code" in given:
        right = second_factor.check(user=user, code=given["code"])
    else:
        right = user.check_password(given["password"])
    if right:
        attempt.succeeded()
    else:
        form.add_error(next(iter(given)), "This is not right.")
    return bool(right)


def _page(request: HttpRequest, form: Any) -> HttpResponse:
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith(f"{PREFIX}-") and name != "csrfmiddlewaretoken"
        for value in values
    ]
    came_by = request.POST.get(ASKED_FROM) or request.method
    context = {"carried": carried, "came_by": came_by, "page_title": "Confirm that it is you"}
    return page(request, "users/confirm.html", form=form, **context)
