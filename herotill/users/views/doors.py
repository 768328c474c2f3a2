"""Coming in and going out, at both doors, and the locked screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from herotill.access import public_view, staff_view
from herotill.network import address_of
from herotill.pages import page
from herotill.users import doors, sessions
from herotill.users.backends import HouseBackend
from herotill.users.forms import Code, LogIn, PortalLogIn, Unlock, UnlockWithCode
from herotill.users.models import User
from herotill.users.services import second_factor
from herotill.users.services.throttle import TooSoon

from .answers import counted, next_url, too_soon

WRONG = "Name or password is wrong."
PENDING = "pending_log_in"
PENDING_LASTS = timedelta(minutes=10)
BACKEND = f"{HouseBackend.__module__}.{HouseBackend.__name__}"


@sensitive_post_parameters("password")
@public_view
def log_in(request: HttpRequest) -> HttpResponse:
    """Name and password; the other door's people are refused like a wrong password."""
    door = doors.of(request)
    if request.user.is_authenticated:
        return redirect(next_url(request, door))
    form = (PortalLogIn if door is doors.PORTAL else LogIn)(request.POST or None)
    context: dict[str, Any] = {
        "door": door,
        "next": next_url(request, door),
        "page_title": "Log in",
        "home_url": door.home,
    }
    if request.method != "POST" or not form.is_valid():
        return page(request, "users/log_in.html", form=form, **context)
    name = form.cleaned_data["username"]
    try:
        attempt = counted(request, f"log in {door.kind}", name)
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return too_soon(page(request, "users/log_in.html", form=form, **context), trouble)
    user: Any = auth.authenticate(
        request, username=name, password=form.cleaned_data["password"], door=door.kind
    )
    if user is None:
        form.add_error(None, WRONG)
        return page(request, "users/log_in.html", form=form, **context)
    attempt.succeeded()
    return _after_password(request, user, door)


def _after_password(request: HttpRequest, user: User, door: doors.Door) -> HttpResponse:
    """Straight in, or first to the second factor."""
    onward = next_url(request, door)
    if second_factor.is_set_up(user):
        request.session.cycle_key()
        now = timezone.now().isoformat()
        request.session[PENDING] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "at": now,
            "next": onward,
        }
        return redirect(door.code_name)
    _enter(request, user)
    return redirect(onward)


def _enter(request: HttpRequest, user: User) -> None:
    """From here on the person is logged in, under a new session key."""
    auth.login(request, user, backend=BACKEND)
    request.session[sessions.NETWORK] = address_of(request)
    request.session[sessions.AGENT] = request.headers.get("User-Agent", "")[:200]


@public_view
def code(request: HttpRequest) -> HttpResponse:
    """The second factor, after the password was right."""
    door = doors.of(request)
    pending: Any = request.session.get(PENDING)
    user = _pending_user(pending, timezone.now())
    if user is None or user.kind != door.kind:
        request.session.pop(PENDING, None)
        return redirect(door.login_url)
    form = Code(request.POST or None)
    title = gettext("Second step") if door is doors.PORTAL else gettext("Second factor")
    context: dict[str, Any] = {"door": door, "page_title": title}
    if request.method == "POST" and form.is_valid():
        try:
            attempt = counted(request, "second factor", str(user.pk))
        except TooSoon as trouble:
            form.add_error(None, str(trouble))
            return too_soon(page(request, "users/code.html", form=form, **context), trouble)
        if second_factor.check(user=user, code=form.cleaned_data["code"]):
            attempt.succeeded()
            del request.session[PENDING]
            _enter(request, user)
            return redirect(pending["next"])
        form.add_error("code", "This code is wrong or was used already.")
    return page(request, "users/code.html", form=form, **context)


def _pending_user(pending: Any, now: datetime) -> User | None:
    """Who gave a right password a few minutes ago, if it is still their password."""
    if not pending or now - datetime.fromisoformat(pending["at"]) > PENDING_LASTS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == pending["hash"] else None


@public_view
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends this log-in."""
    auth.logout(request)
    return redirect(doors.of(request).login_url)


@sensitive_post_parameters("password")
@staff_view()
def unlock(request: HttpRequest) -> HttpResponse:
    """The lock: POST without a password locks the screen, with the right one it opens it again."""
    kind = UnlockWithCode if _asks_code(request.user) else Unlock
    if request.method != "POST":
        return _lock_page(request, kind())
    if "password" not in request.POST:
        request.session.lock()  # type: ignore[attr-defined]
        return _lock_page(request, kind())
    form = kind(request.POST)
    if form.is_valid():
        try:
            attempt = counted(request, "unlock", str(request.user.pk))
        except TooSoon as trouble:
            form.add_error(None, str(trouble))
            return too_soon(_lock_page(request, form), trouble)
        if _is_theirs(request.user, form.cleaned_data):
            attempt.succeeded()
            return _unlocked(request)
        form.add_error("password", "This is not right.")
    return _lock_page(request, form)


def _asks_code(user: Any) -> bool:
    return bool(settings.IDLE_LOCK_ASKS_SECOND_FACTOR and user.has_second_factor)


def _is_theirs(user: Any, given: dict[str, str]) -> bool:
    return user.check_password(given["password"]) and (
        "code" not in given or second_factor.check(user=user, code=given["code"])
    )


def _lock_page(request: HttpRequest, form: forms.BaseForm) -> HttpResponse:
    template = "users/_unlock.html" if "HX-Request" in request.headers else "users/unlock.html"
    return page(request, template, form=form, next=next_url(request, doors.STAFF), page_title="Locked")


def _unlocked(request: HttpRequest) -> HttpResponse:
    request.session.unlock(now=timezone.now())  # type: ignore[attr-defined]
    if "HX-Request" in request.headers:
        return trigger_client_event(HttpResponse(status=204), "unlocked", {"csrf": get_token(request)})
    return redirect(next_url(request, doors.STAFF))
