"""Debit-order results: statements given or fetched, and what their rows meant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing.forms.results import FetchForm, ResultFileForm
from billing.models import CollectionResult, ResultStatement
from billing.services import result_statements
from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.clock import local_day
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.pages import posted
from herotill.users.models import User

SEE, TAKE = "billing.view_collectionresult", "billing.import_collection_results"
SHOWN = 500


@staff_view(SEE)
def statements(request: HttpRequest) -> HttpResponse:
    """The statements taken in, and the place to give the next."""
    taking = may(request.user, TAKE)
    form = ResultFileForm(posted(request), request.FILES or None)
    if request.method == "POST" and taking and form.is_valid():
        try:
            return redirect("run", _received(request, form.cleaned_data))
        except DomainError as no:
            form.add_error(no.field if no.field in form.fields else "file", str(no))
    context = {
        "page_title": "Debit-order results",
        "form": form,
        "taking": taking,
        "may_fetch": taking and bool(result_statements.tellers()),
        "statements": ResultStatement.objects.select_related("made_by")[:50],
        "doubts": CollectionResult.objects.exclude(trouble="").count(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/results/statements.html", context, status=status)


def _received(request: HttpRequest, data: dict[str, Any]) -> int:
    file = data["file"]
    actor = cast(User, request.user)
    run = result_statements.receive(channel=data["channel"], name=file.name, data=file.read(), actor=actor)
    return run.pk


@staff_view(TAKE)
def fetch(request: HttpRequest) -> HttpResponse:
    """Ask the service for a day."""
    now = timezone.now()

    def do(form: Any) -> tuple[str, str]:
        run = result_statements.ask(**form.cleaned_data, actor=cast(User, request.user), now=now)
        return "It is asked for.", reverse("run", args=[run.pk])

    form = FetchForm(posted(request), initial={"day": local_day(now) - timedelta(days=1)})
    return answer(request, form=form, title="Fetch statement", press="Fetch statement", do=do)


@staff_view(SEE)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement, and what its new rows meant."""
    found = get_object_or_404(ResultStatement.objects.select_related("made_by", "run"), pk=pk)
    request.menu_entry = "billing.results"  # type: ignore[attr-defined]
    rows = CollectionResult.objects.filter(run_id=found.run_id or 0, channel=found.channel)
    context = {
        "page_title": found.name,
        "statement": found,
        "rows": list(rows.select_related("line__customer", "line__batch").order_by("day", "pk")[:SHOWN]),
        "taking": may(request.user, TAKE),
    }
    return render(request, "billing/results/statement.html", context)


@staff_view(TAKE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A statement as it came."""
    found = get_object_or_404(ResultStatement, pk=pk)
    response = HttpResponse(result_statements.contents(found), content_type="text/plain")
    return as_download(response, f"{found.name}.txt")


@require_POST
@staff_view(TAKE)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more to book a statement that was not taken in."""
    found = get_object_or_404(ResultStatement.objects.select_related("run"), pk=pk)
    if not found.is_stuck:
        raise Http404
    run = result_statements.start(statement=found, actor=cast(User, request.user))
    messages.success(request, "It is tried again.")
    return redirect("run", run.pk)
