"""Answers as the templates take them."""

from __future__ import annotations

from typing import Any

from herotill.search.finding import Found, Hit
from herotill.search.marking import marked

NOTHING = "Nothing found. Try the beginning of a name, a code, a phone number or an email address."


def groups(found: Found) -> list[dict[str, Any]]:
    """For `partials/options.html` and `search/page.html`."""
    return [
        {
            "label": group.label,
            "options": [_option(hit, found) for hit in group.hits],
            "more": group.more,
        }
        for group in found.groups
    ]


def _option(hit: Hit, found: Found) -> dict[str, Any]:
    return {
        "url": hit.url,
        "label": marked(hit.title, found.words),
        "code": marked(hit.code, found.words),
        "detail": marked(hit.detail, found.words),
        "chip": hit.chip,
        "icon": hit.icon,
    }
