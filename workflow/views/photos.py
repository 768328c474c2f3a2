"""Photos of sites: shown to those who may see the lead or the job, and to the technician they belong to."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.forms import Form
from herotill.pages import posted
from workflow.forms.photos import PhotoForm
from workflow.models import Lead, Photo, Survey
from workflow.selectors import surveys as reading
from workflow.services import photos
from workflow.views.surveys import sees


@require_safe
@staff_view("workflow.view_photo")
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture itself. It was drawn anew when it came, and is served as nothing but a picture."""
    found = get_object_or_404(Photo.objects.select_related("survey", "job"), pk=pk)
    if not _sees(request.user, found):
        raise Http404("There is no such photo.")
    response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _sees(person: Any, found: Photo) -> bool:
    """Those who see leads or jobs see their photos; a technician sees those of their own visits."""
    if found.survey:
        return sees(person, found.survey)
    assert found.job
    sees_all = may(person, "workflow.view_jobcard") or may(person, "workflow.do_any_jobcard")
    return sees_all or found.job.technician_id == person.pk


def _survey(pk: int) -> Survey:
    surveys = reading.of_lead(pk)
    if not surveys:
        raise Http404("This lead has no survey.")
    return surveys[0]


@staff_view("workflow.add_photo")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photo to a lead's newest survey."""
    lead = get_object_or_404(Lead, pk=pk)
    survey = _survey(pk)
    if not sees(request.user, survey):
        raise Http404("There is no such survey among yours.")
    form = PhotoForm(posted(request), request.FILES or None)

    def do(form: Any) -> tuple[str, str]:
        photos.add(
            survey=survey,
            upload=form.cleaned_data["photo"],
            caption=form.cleaned_data["caption"],
            actor=request.user,  # type: ignore[arg-type]
        )
        return "The photo is kept.", reverse("workflow:lead", args=[lead.pk])

    return answer(
        request,
        form=form,
        title=f"Add a photo of {lead.name}",
        press="Add photo",
        do=do,
        stays=True,
        template="workflow/surveys/photo_dialog.html",
    )


@staff_view("workflow.delete_photo")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photo away, after asking."""
    found = get_object_or_404(Photo.objects.select_related("survey", "job"), pk=pk)
    if not _sees(request.user, found):
        raise Http404("There is no such photo.")

    def do(_form: Any) -> tuple[str, str]:
        photos.remove(photo=found, actor=request.user)  # type: ignore[arg-type]
        return "The photo is deleted.", reverse("start")

    return answer(
        request,
        form=Form(posted(request)),
        title="Delete this photo",
        press="Delete photo",
        do=do,
        stays=True,
        danger=True,
        said="The picture is deleted and cannot be brought back.",
    )
