"""What the dialogs of a list have in common: to htmx a dialog, to everybody else a page of its own."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

CHANGED = "list-changed"


def dialog(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """`template` in the page's dialog; without htmx, in a page."""
    if request.headers.get("HX-Request"):
        return render(request, template, context, status=status)
    return render(request, "lists/dialog_page.html", context | {"dialog_template": template}, status=status)


def changed(request: HttpRequest, said: str, back: str, **link: str) -> HttpResponse:
    """Done: the dialog closes, the list behind it loads anew, a toast says what happened."""
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return redirect(back)
    events = {CHANGED: {}, "toast": {"text": said, "tone": "ok", **link}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


def gone_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another address, as a page that loads anew."""
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)
