"""Addresses that open without a log-in: the secret in them, of which only the hash is kept, and their pages."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from herotill.access import public_view


def new() -> str:
    """A secret that nobody guesses; it goes into an address and is kept nowhere."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a secret (SHA-256, hex): enough to know it again."""
    return hashlib.sha256(token.encode()).hexdigest()


def known(kept: str, token: str) -> bool:
    """Whether this is the secret of which the hash is kept."""
    return bool(kept) and secrets.compare_digest(kept, hashed(token))


def address(url_name: str, *parts: str) -> str:
    """The whole address of a page, as it stands in a mail."""
    return settings.SITE_URL.rstrip("/") + reverse(url_name, args=parts)


def link_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page behind a mailed address: open to whoever has it, told to nobody and found by no search.

    Its form may be a plain one: `LinkForms` lets it by, which comes without an origin.
    """

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    inner.of_link = True  # type: ignore[attr-defined]
    return public_view(inner)


class LinkForms:
    """Before the check of CSRF tokens: a plain form of a link's page counts as ours, and its token decides.

    The page was sent with no-referrer, so the browser says of its form that it comes from nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        if getattr(view, "of_link", False) and request.META.get("HTTP_ORIGIN") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
