"""The two doors. Every view says who may come in; a test walks the URL table and finds one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Guard:
    """Which door a view stands behind, and the right it asks; no right means anybody behind that door."""

    door: Literal["staff", "portal", "public"]
    permission: str = ""


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


def portal_view(view: View) -> View:
    """Lets in customers, each to themselves; `request.customer` is set by the middleware of the door."""
    return _guarded(view, Guard("portal"), "/portal/login/")  # type: ignore[return-value]


def public_view(view: View) -> View:
    """Lets in anybody; said on purpose, so that a view without a guard is a mistake."""
    view.guard = Guard("public")  # type: ignore[attr-defined]
    return view
