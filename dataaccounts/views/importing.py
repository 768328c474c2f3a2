"""The way to the imports of data accounts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dataaccounts.imports import ALL, IMPORT
from herotill.access import staff_view
from herotill.models import Import


@require_safe
@staff_view(IMPORT)
def index(request: HttpRequest) -> HttpResponse:
    """What can be brought in, and when that was done last."""
    found = Import.objects.filter(kind__in=[kind.name for kind in ALL], state=Import.State.APPLIED)
    last = dict(found.order_by("pk").values_list("kind", "applied_at"))
    kinds = [{"kind": kind, "url": kind.url(), "last": last.get(kind.name)} for kind in ALL]
    return render(request, "dataaccounts/imports.html", {"page_title": "Import", "kinds": kinds})
