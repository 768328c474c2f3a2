"""The API as a whole: one version, every resource, one shape of no."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from herotill.api.refusing import Refused, misread, refuse, says
from herotill.api.scopes import resources
from herotill.errors import DomainError, IntegrationError

VERSION = "1"
ABOUT = "For programs that work with HeroTill: each call carries a token, and does what its owner may do."


@cache
def api() -> NinjaAPI:
    """Made once, when all apps have registered theirs."""
    made = NinjaAPI(
        title="HeroTill",
        version=VERSION,
        description=ABOUT,
        urls_namespace="api",
        docs_url=None,
        openapi_url=None,
    )
    for resource in resources:
        made.add_router("", resource.router, tags=[resource.name])
    for trouble, answer in ANSWERS.items():
        made.add_exception_handler(trouble, answer)
    return made


def _unknown(request: HttpRequest, no: Any) -> HttpResponse:
    known = {"WWW-Authenticate": "Bearer"}
    return says(
        401, "token_unknown", "Send a token that is still good: Authorization: Bearer …", headers=known
    )


def _no(request: HttpRequest, no: Any) -> HttpResponse:
    return says(409, "refused", str(no), fields={no.field: str(no)} if no.field else None)


def _closed(request: HttpRequest, no: Any) -> HttpResponse:
    return says(403, "right_missing", "The owner of this token may not do this.")


def _malformed(request: HttpRequest, no: Any) -> HttpResponse:
    status = no.status_code if no.status_code in (400, 404) else 400
    return says(status, "malformed", "What was sent cannot be read.")


ANSWERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: refuse,
    ValidationError: lambda request, no: misread(no.errors),
    AuthenticationError: _unknown,
    HttpError: _malformed,
    DomainError: _no,
    IntegrationError: lambda request, no: says(409, "not_reachable", str(no)),
    Http404: lambda request, no: says(404, "not_found", "There is no such thing."),
    PermissionDenied: _closed,
}
