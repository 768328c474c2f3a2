"""Every request acts as its person, from its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from herotill.network import address_of

from .context import acting

SECRET_NAMES = ("token", "key", "secret", "uid", "signature")
LONGEST_PLAIN = 32


def shown_path(path: str, captured: dict[str, Any]) -> str:
    """`path` without what works as a link: values named as secrets, or too long to be a name or number."""
    for name, value in captured.items():
        text = str(value)
        if text and (len(text) > LONGEST_PLAIN or any(word in name.lower() for word in SECRET_NAMES)):
            path = path.replace(text, "[link]")
    return path


class AuditMiddleware:
    """Stands after the authentication's. The path is told once it is known which part of it is a secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user: Any = getattr(request, "user", None)
        actor = user if user is not None and user.is_authenticated else None
        with acting(actor=actor, source="request", ip=address_of(request) or None) as told:
            request.audit = told  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        request.audit["source"] = shown_path(request.path, kwargs)  # type: ignore[attr-defined]
