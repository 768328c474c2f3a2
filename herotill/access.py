"""The two doors. Every view says who may come in; a test walks the URL table and finds one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar, overload

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Guard:
    """Which door a view stands behind, and the right it asks; no right means anybody behind that door.

    In the portal the right is asked of staff who look as the customer, and `private` marks what a master does
    not see of a sub-account that has not agreed. Behind the door of tokens each endpoint asks a scope.
    """

    door: Literal["staff", "portal", "public", "token"]
    permission: str = ""
    private: bool = False


def may(user: Any, permission: str) -> bool:
    """Whether this person holds the right; the empty right is held by everybody who is logged in."""
    return bool(user.is_authenticated) and (not permission or user.has_perm(permission))


def _to_login(request: HttpRequest, login_url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(resolve_url(login_url))
    return redirect_to_login(request.get_full_path(), login_url)


def _guarded(
    view: Callable[..., HttpResponseBase], guard: Guard, login_url: str
) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_authenticated:
            return _to_login(request, login_url)
        if user.kind != guard.door or not may(user, guard.permission):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    inner.guard = guard  # type: ignore[attr-defined]
    return inner


def staff_view(permission: str = "") -> Callable[[View], View]:
    """Lets in staff who hold `permission`; without one, any staff."""
    return lambda view: _guarded(view, Guard("staff", permission), "/login/")  # type: ignore[return-value]


@overload
def portal_view(asked: str, *, private: bool = False) -> Callable[[View], View]: ...


@overload
def portal_view(asked: View) -> View: ...


def portal_view(asked: Any, *, private: bool = False) -> Any:
    """Lets in customers, each to themselves: `request.portal` says who sits there, `request.customer` about whom.

    `@portal_view("app.right")` names the right without which staff who look as the customer do not see it.
    """
    if not isinstance(asked, str):
        return _seated(asked, Guard("portal"))
    guard = Guard("portal", asked, private)
    return lambda view: _seated(view, guard)


def _seated(view: Callable[..., HttpResponseBase], guard: Guard) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_authenticated:
            return _to_login(request, "/portal/login/")
        seat: Any = request.portal  # type: ignore[attr-defined]
        if not seat or (seat.looking and not may(seat.looking, guard.permission)):
            raise PermissionDenied
        if seat.lapsed and request.method not in ("GET", "HEAD"):
            raise PermissionDenied  # what was meant for a sub-account must not happen to its master
        return view(request, *args, **kwargs)

    inner.guard = guard  # type: ignore[attr-defined]
    return inner


def public_view(view: View) -> View:
    """Lets in anybody; said on purpose, so that a view without a guard is a mistake."""
    view.guard = Guard("public")  # type: ignore[attr-defined]
    return view
