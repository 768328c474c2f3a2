"""Which database a list reads: a replica where there is one, except for people who have just changed something.

A replica is a moment behind. Whoever changed something reads the primary for some seconds afterwards, so
that nobody misses their own change; a cookie that expires by itself says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponseBase

REPLICA = "replica"
COOKIE = "herotill_changed"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")

_only: ContextVar[bool] = ContextVar("only reading", default=False)
_looking: ContextVar[bool] = ContextVar("only looking", default=False)
_alias: ContextVar[str] = ContextVar("reading", default=DEFAULT_DB_ALIAS)


def reading() -> str:
    """The database alias for questions that may be a moment old: `Customer.objects.using(reading())`.

    Outside a request it is the primary, unless `from_replica` says otherwise.
    """
    return _alias.get()


@contextmanager
def from_replica() -> Iterator[None]:
    """Lets what is inside read a replica, if there is one; for requests, and for reports in jobs."""
    token = _alias.set(REPLICA if REPLICA in settings.DATABASES else DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _alias.reset(token)


def only_reading() -> bool:
    """Whether a request is answered that must change nothing: a page that is looked at."""
    return _only.get()


@contextmanager
def changing_nothing() -> Iterator[None]:
    """Says so of what is inside."""
    token = _only.set(True)
    try:
        yield
    finally:
        _only.reset(token)


def only_looking() -> bool:
    """Whether staff look as a customer, during which nothing may go out of the house."""
    return _looking.get()


@contextmanager
def looking_only() -> Iterator[None]:
    """Says so of what is inside."""
    token = _looking.set(True)
    try:
        yield
    finally:
        _looking.reset(token)


class ReadYourChanges:
    """Sends the reading of each request to the replica, or to the primary for whoever changed something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE:
            response = self.get_response(request)
            if REPLICA in settings.DATABASES:
                self._remember(response)
            return response
        with changing_nothing():
            if COOKIE in request.COOKIES:
                return self.get_response(request)
            with from_replica():
                return self.get_response(request)

    def _remember(self, response: HttpResponseBase) -> None:
        response.set_cookie(
            COOKIE,
            "1",
            max_age=settings.REPLICA_STICKY_SECONDS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
