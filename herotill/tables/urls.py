"""The addresses of all tables in Setup."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from herotill.access import staff_view
from herotill.lists.urls import ListView, of_list
from herotill.tables import views
from herotill.tables.tables import Table, tables

PARTS: tuple[tuple[str, str, ListView, str], ...] = (
    ("new/", "new", views.new, "add"),
    ("<int:pk>/", "edit", views.edit, "change"),
    ("<int:pk>/delete/", "delete", views.delete, "delete"),
)


def patterns() -> list[URLPattern]:
    """Lists and dialogs of every table that is declared."""
    found: list[URLPattern] = []
    for table in tables:
        route, name = f"setup/{table.name}/", table.listing.url_name
        found += of_list(table.listing, route)
        for below, part, function, verb in PARTS:
            found.append(path(f"{route}{below}", _view(function, table, verb), name=f"{name}-{part}"))
    return found


def _view(function: ListView, table: Table, verb: str) -> ListView:
    @wraps(function)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return function(request, table, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(staff_view(table.right(verb))(view))
