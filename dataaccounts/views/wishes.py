"""Packages that customers asked for and that wait for an answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dataaccounts.selectors import wishes
from herotill.access import staff_view


@require_safe
@staff_view("dataaccounts.view_packagechange")
def asked(request: HttpRequest) -> HttpResponse:
    """All of them; each is answered on the customer's profile."""
    context = {"wishes": wishes.waiting(), "page_title": "Packages asked for"}
    return render(request, "dataaccounts/packages/asked.html", context)
