"""When technicians are away: noted, changed and forgotten in dialogs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from billing.views.dialogs import answer
from herotill.access import staff_view
from herotill.forms import Form
from herotill.pages import posted
from workflow.forms.job_types import AbsenceForm
from workflow.models import Absence
from workflow.services import job_types


@staff_view("workflow.add_absence")
def new(request: HttpRequest) -> HttpResponse:
    """Note that somebody is away."""
    return _edit(request, Absence(), "New absence")


@staff_view("workflow.change_absence")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other days, or another reason."""
    found = get_object_or_404(Absence, pk=pk)
    said = reverse("workflow:absence-delete", args=[pk])
    return _edit(request, found, "Change absence", delete_url=said)


def _edit(request: HttpRequest, absence: Absence, title: str, **context: Any) -> HttpResponse:
    form = AbsenceForm(posted(request), instance=absence)

    def do(form: Any) -> tuple[str, str]:
        kept = job_types.note_absence(absence=form.instance, actor=request.user)  # type: ignore[arg-type]
        return f"{kept.technician} is away from {kept.starts_on} to {kept.ends_on}.", _back()

    return answer(
        request,
        form=form,
        title=title,
        press="Save absence",
        do=do,
        stays=True,
        template="workflow/jobs/absence.html",
        **context,
    )


@staff_view("workflow.delete_absence")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """They can be sent after all."""
    found = get_object_or_404(Absence.objects.select_related("technician"), pk=pk)

    def do(_form: Any) -> tuple[str, str]:
        job_types.forget_absence(absence=found, actor=request.user)  # type: ignore[arg-type]
        return f"{found.technician} can be sent again.", _back()

    title = f"Delete the absence of {found.technician}"
    form = Form(posted(request))
    return answer(request, form=form, title=title, press="Delete absence", do=do, stays=True, danger=True)


def _back() -> str:
    return reverse("workflow:absences")
