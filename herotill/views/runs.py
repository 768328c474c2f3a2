"""Long jobs: how far one is, and what ran lately."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill import runs
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.models import Run
from herotill.typed import number

PAGE = 50


def _found(request: HttpRequest, pk: int) -> Run:
    """The run, if this person may see its kind."""
    run = get_object_or_404(Run.objects.select_related("started_by", "cancelled_by"), pk=pk)
    if not runs.may_see(request.user, run.kind):
        raise PermissionDenied
    return run


def _shown(request: HttpRequest, run: Run) -> runs.Shown:
    return runs.shown(run, user=request.user, now=timezone.now())


@staff_view()
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: progress while it goes on, then how it ended."""
    shown = _shown(request, _found(request, pk))
    return render(request, "runs/run.html", {"shown": shown, "page_title": shown.run.title})


@staff_view()
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again while the run goes on, also for screens that embed it."""
    shown = _shown(request, _found(request, pk))
    context = {
        "shown": shown,
        "with_log": "log" in request.GET,
        "asked_again": "HX-Request" in request.headers,
    }
    response = render(request, "runs/_progress.html", context)
    if not shown.run.is_open:
        response.headers["HX-Trigger"] = "run:ended"
    return response


@staff_view()
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a run to end."""
    found = _found(request, pk)
    if not may(request.user, runs.kinds[found.kind].permission):
        raise PermissionDenied
    try:
        runs.cancel(run_id=found.pk, actor=request.user)
    except DomainError as no:
        messages.warning(request, str(no))
    return redirect("run", pk)


@staff_view("house.view_run")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The newest runs of the kinds this person may see."""
    before = number(request.GET.get("before"))
    found = runs.recent(user=request.user, before=before, limit=PAGE + 1)
    now = timezone.now()
    context = {
        "shown": [runs.shown(one, user=request.user, now=now) for one in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "newest": before is None,
        "page_title": "Runs",
    }
    return render(request, "runs/list.html", context)
