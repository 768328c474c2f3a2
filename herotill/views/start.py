"""The start page, and the page that gathers what is under Setup."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from herotill.access import may, staff_view
from herotill.menu import setup_sections
from herotill.shell import Line, Shell
from herotill.tiles import Tile, tiles

log = logging.getLogger(__name__)


@staff_view()
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and what needs attention."""
    shown = [
        rendered for tile in tiles if may(request.user, tile.permission) if (rendered := _tile(tile, request))
    ]
    return render(request, "start.html", {"tiles": shown, "page_title": "Start"})


def _tile(tile: Tile, request: HttpRequest) -> str:
    """A tile ready made; nothing where it has nothing to say. One that fails leaves the others alone."""
    try:
        context = tile.context(request.user)
    except Exception:
        log.exception("Tile %s failed.", tile.name)
        return render_to_string("tiles/_failed.html", {"tile": tile}, request)
    return (
        render_to_string(tile.template_name, {"tile": tile, **context}, request)
        if context is not None
        else ""
    )


@staff_view()
@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """What this person may set up, from the navigation."""
    entries: Any = next((line.children for line in Shell(request).menu if line.url == request.path), ())
    return render(request, "setup.html", {"sections": _in_sections(entries), "page_title": "Setup"})


def _in_sections(entries: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Each under the last heading before it."""
    headings = sorted(setup_sections, key=lambda section: section.order, reverse=True)
    found: dict[str, list[Line]] = {}
    for entry in entries:
        label = next((one.label for one in headings if one.order <= entry.order), "")
        found.setdefault(label, []).append(entry)
    return list(found.items())
