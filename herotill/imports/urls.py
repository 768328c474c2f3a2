"""The addresses of an import's screens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from herotill.access import staff_view
from herotill.imports import views
from herotill.imports.kinds import ImportKind

ImportView = Callable[..., HttpResponseBase]
READ, WRITE, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
PARTS: tuple[tuple[str, str, ImportView, tuple[str, ...]], ...] = (
    ("", "", views.home, BOTH),
    ("<int:pk>/", "-show", views.show, READ),
    ("<int:pk>/map/", "-map", views.map_columns, BOTH),
    ("<int:pk>/dry-run/", "-dry-run", views.dry_run, WRITE),
    ("<int:pk>/apply/", "-apply", views.apply, WRITE),
    ("<int:pk>/refused/", "-refused", views.refused, READ),
    ("<int:pk>/totals/", "-totals", views.totals, READ),
    ("<int:pk>/discard/", "-discard", views.discard, WRITE),
    ("<int:pk>/roll-back/", "-roll-back", views.roll_back, BOTH),
    ("mappings/<int:pk>/delete/", "-forget", views.forget, WRITE),
)


def of_import(kind: ImportKind, route: str) -> list[URLPattern]:
    """What an import needs of a URLconf: its page at `route`, its own pages below it."""
    short = kind.url_name.rpartition(":")[2]
    return [
        path(f"{route}{below}", _view(function, kind, methods), name=f"{short}{suffix}")
        for below, suffix, function, methods in PARTS
    ]


def _view(function: ImportView, kind: ImportKind, methods: tuple[str, ...]) -> ImportView:
    @wraps(function)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        request.menu_entry = kind.menu_entry  # type: ignore[attr-defined]
        return function(request, kind, **kwargs)

    right = kind.roll_back_permission if function is views.roll_back else kind.permission
    return require_http_methods(methods)(staff_view(right)(view))
