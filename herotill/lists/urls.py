"""The addresses of a list."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from herotill.access import staff_view
from herotill.lists.lists import List
from herotill.lists.views import bulk, columns, export, page, saved

ListView = Callable[..., HttpResponseBase]
PARTS: tuple[tuple[str, str, ListView, tuple[str, ...]], ...] = (
    ("", "", page.show, ("GET", "HEAD")),
    ("list/count/", "-count", page.count, ("GET", "HEAD")),
    ("list/remember/", "-remember", page.remember, ("POST",)),
    ("list/columns/", "-columns", columns.columns, ("GET", "HEAD", "POST")),
    ("list/export/", "-export", export.take, ("POST",)),
    ("list/views/new/", "-view-new", saved.create, ("GET", "HEAD", "POST")),
    ("list/views/<int:pk>/", "-view", saved.change, ("GET", "HEAD", "POST")),
    ("list/bulk/<slug:name>/", "-bulk", bulk.bulk, ("GET", "HEAD", "POST")),
    ("list/undo/<int:pk>/", "-undo", bulk.undo, ("POST",)),
)


def of_list(listing: List, route: str) -> list[URLPattern]:
    """What a list needs of a URLconf: its page at `route`, its own pages below `route` + `list/`."""
    short = listing.url_name.rpartition(":")[2]
    return [
        path(f"{route}{below}", _view(function, listing, methods), name=f"{short}{suffix}")
        for below, suffix, function, methods in PARTS
    ]


def _view(function: ListView, listing: List, methods: tuple[str, ...]) -> ListView:
    @wraps(function)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return function(request, listing, **kwargs)

    return require_http_methods(methods)(staff_view(listing.permission)(view))
