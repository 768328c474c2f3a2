"""Answers of a card's deed that say more than that it is done."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from customers.screen import Widget


def told(
    widget: Widget,
    text: str,
    *,
    tone: str = "ok",
    href: str = "",
    label: str = "",
    emits: tuple[str, ...] = (),
) -> HttpResponse:
    """The dialog closes, the card and what else changed load anew, and a toast says `text`, with a link."""
    if not widget.request.headers.get("HX-Request"):
        messages.success(widget.request, text)
        return redirect(widget.customer)
    toast = {"text": text, "tone": tone} | ({"href": href, "label": label} if href else {})
    events: dict[str, dict[str, str]] = {
        name: {} for name in dict.fromkeys((widget.name, "audit-trail", *emits))
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({**events, "toast": toast})})
