"""What stands between the wire and every page: doors, the idle lock, the second factor that a role demands."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseRedirect,
)
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect
from psycopg import errors

from herotill.network import is_loopback
from herotill.reading import looking_only
from herotill.users import doors, identities

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# What a proxy on this machine adds to a request that came from elsewhere.
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
HOME_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "testserver", None})


class DemoStaysHome:
    """The demo's passwords are known to everybody, so only this machine itself is answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.DEMO and not self._is_home(request):
            return HttpResponseForbidden(
                "The demo answers only the machine it runs on.", content_type="text/plain"
            )
        return self.get_response(request)

    def _is_home(self, request: HttpRequest) -> bool:
        near = is_loopback(str(request.META.get("REMOTE_ADDR") or ""))
        passed_on = any(name in request.headers for name in PASSED_ON)
        return near and not passed_on and _host(request) in HOME_HOSTS


def _host(request: HttpRequest) -> str | None:
    """The machine that the request names; "" if that is no name."""
    try:
        return urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname
    except ValueError:
        return ""


class TwoDoors:
    """Gives the portal cookies of its own: Django sees its usual names, the browser keeps two sets apart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if doors.of(request) is doors.STAFF:
            return self.get_response(request)
        for usual, own in settings.PORTAL_COOKIES.items():
            request.COOKIES.pop(usual, None)
            if own in request.COOKIES:
                request.COOKIES[usual] = request.COOKIES.pop(own)
        response = self.get_response(request)
        for usual, own in settings.PORTAL_COOKIES.items():
            self._rename(response.cookies, usual, own)
        return response

    def _rename(self, cookies: SimpleCookie, usual: str, own: str) -> None:
        was: Morsel[str] | None = cookies.pop(usual, None)
        if was is not None:
            cookies[own] = was.value
            cookies[own].update({**was, "path": settings.PORTAL_PATH})


class WhoIsThere(AuthenticationMiddleware):
    """Django's, for two kinds of people: who belongs to the other door is nobody at this one."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _at_this_door(request))  # type: ignore[assignment]
        request.look = None  # type: ignore[attr-defined]
        if doors.of(request) is doors.PORTAL:
            request.look = _look(request)  # type: ignore[attr-defined]
            request.portal = SimpleLazyObject(lambda: _seat(request))  # type: ignore[attr-defined]
            request.customer = SimpleLazyObject(lambda: request.portal.customer)  # type: ignore[attr-defined]


def _look(request: HttpRequest) -> Any:
    """The look by staff that this browser holds, over or not."""
    token = request.COOKIES.get(doors.LOOK)
    return identities.identity().look(token, now=timezone.now()) if token else None


def _at_this_door(request: HttpRequest) -> Any:
    if request.look is not None and request.look.is_open:  # type: ignore[attr-defined]
        return request.look.seat.looking  # type: ignore[attr-defined]
    user: Any = get_user(request)
    return user if user.is_authenticated and user.kind == doors.of(request).kind else AnonymousUser()


def _seat(request: HttpRequest) -> Any:
    user: Any = request.user
    look: Any = request.look  # type: ignore[attr-defined]
    if look is not None and look.is_open:
        return look.seat
    if not user.is_authenticated:
        return None
    seat = identities.identity().seat(user=user, sub=request.session.get(doors.SUB))
    if seat is not None and seat.lapsed and request.method in ("GET", "HEAD"):
        del request.session[doors.SUB]
        rotate_token(request)  # a form that still stands open is about the sub-account
    return seat


class LookingChangesNothing:
    """Staff who look as a customer are answered from a read-only transaction, and nothing goes out meanwhile."""

    END = "portal-look-end"
    REFUSED = "You look at the portal as a customer: nothing can be changed."

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        look: Any = request.look  # type: ignore[attr-defined]
        if look is None or request.path == reverse(self.END):
            return self.get_response(request)
        if not look.is_open:
            return _over(request, look)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseForbidden(self.REFUSED, content_type="text/plain; charset=utf-8")
        with transaction.atomic(), looking_only():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = isinstance(exception.__cause__, errors.ReadOnlySqlTransaction)
        return (
            HttpResponseForbidden(self.REFUSED, content_type="text/plain; charset=utf-8") if refused else None
        )


def _over(request: HttpRequest, look: Any) -> HttpResponse:
    """The look has ended: back to where it began, where the staff door asks who is there."""
    url = look.back
    response = (
        HttpResponseClientRedirect(url) if "HX-Request" in request.headers else HttpResponseRedirect(url)
    )
    response.delete_cookie(doors.LOOK, path=settings.PORTAL_PATH, samesite="Lax")
    return response


class IdleLock:
    """A staff screen that nobody uses is locked here, whatever the browser does about it.

    What a page asks by itself (header X-Background) is answered but is no sign of a person.
    """

    OPEN = ("users:unlock", "users:logout", "users:login", "users:code")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now, session = timezone.now(), request.session
        if SESSION_KEY not in session:
            return self.get_response(request)
        if doors.of(request) is not doors.STAFF:
            if request.look is None:  # type: ignore[attr-defined]
                session.touch(now=now)  # type: ignore[attr-defined]
            return self.get_response(request)
        if session.is_locked(now=now):  # type: ignore[attr-defined]
            if request.path not in _paths(self.OPEN):
                return _locked(request)
        elif "X-Background" not in request.headers:
            session.touch(now=now)  # type: ignore[attr-defined]
        return self.get_response(request)


def _locked(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=423, headers={"HX-Trigger": "locked"})
    if request.method != "GET":
        return HttpResponse("The screen is locked.", status=423, content_type="text/plain")
    return HttpResponseRedirect(f"{reverse('users:unlock')}?{urlencode({'next': request.get_full_path()})}")


class SecondFactorFirst:
    """Somebody whose role demands a second factor sets one up before anything else."""

    OPEN = (
        "users:second-factor",
        "users:second-factor-start",
        "users:logout",
        "users:unlock",
        "users:preference",
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._is_owed(request) and request.path not in _paths(self.OPEN):
            url = reverse("users:second-factor-start")
            return (
                HttpResponseClientRedirect(url)
                if "HX-Request" in request.headers
                else HttpResponseRedirect(url)
            )
        return self.get_response(request)

    def _is_owed(self, request: HttpRequest) -> bool:
        if doors.of(request) is not doors.STAFF or SESSION_KEY not in request.session:
            return False
        user: Any = request.user
        return getattr(user, "needs_second_factor", False) and not user.has_second_factor


def _paths(names: tuple[str, ...]) -> set[str]:
    return {reverse(name) for name in names}
