"""What a job used, put in and saw, written down at the desk; photos; the paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from herotill.access import staff_view
from herotill.downloads import as_download
from herotill.forms import Form
from herotill.pages import posted
from workflow.forms import jobs as forms
from workflow.forms.photos import PhotoForm
from workflow.models import JobEquipment, JobMaterial
from workflow.services import job_papers, job_things, photos
from workflow.views.jobs import SEE, dialog, must_do, one


@staff_view(SEE)
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was used."""
    job = one(pk)
    must_do(request, job)
    form = forms.MaterialForm(posted(request))

    def deed() -> str:
        made = job_things.add_material(job=job, actor=request.user, now=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        return f"{made.text} is noted."

    return dialog(request, job, form, "Material used", "Add material", deed)


@staff_view(SEE)
def material_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not used after all."""
    found = get_object_or_404(JobMaterial, pk=pk)
    job = one(found.job_id)
    must_do(request, job)

    def deed() -> str:
        job_things.remove_material(material=found, actor=request.user)  # type: ignore[arg-type]
        return f"{found.text} is taken off."

    return dialog(request, job, Form(posted(request)), f"Take off {found.text}", "Take off", deed)


@staff_view(SEE)
def equipment(request: HttpRequest, pk: int) -> HttpResponse:
    """Put equipment into the customer's register."""
    job = one(pk)
    must_do(request, job)
    form = forms.EquipmentForm(posted(request))

    def deed() -> str:
        made = job_things.add_equipment(
            job=job,
            values=form.cleaned_data,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"{made.asset} stands in the customer's register."

    return dialog(request, job, form, "Equipment put in", "Add equipment", deed)


@staff_view(SEE)
def equipment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not put in after all."""
    found = get_object_or_404(JobEquipment.objects.select_related("asset"), pk=pk)
    job, name = one(found.job_id), str(found.asset)
    must_do(request, job)

    def deed() -> str:
        job_things.remove_equipment(equipment=found, actor=request.user)  # type: ignore[arg-type]
        return f"{name} is taken off."

    said = "It stood in the customer's register before this job and stays there."
    if found.made_here:
        said = "It is taken out of the customer's register too."
    return dialog(request, job, Form(posted(request)), f"Take off {name}", "Take off", deed, said=said)


@staff_view(SEE)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """See whether the account is online."""
    job = one(pk)
    must_do(request, job)

    def deed() -> str:
        seen = job_things.test_account(job=job, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return f"{seen['account']} is {'online' if seen['online'] else 'not online'}."

    said = "Looks whether the account has a session that is up, and keeps what it saw on the card."
    return dialog(request, job, Form(posted(request)), "Test the account", "Test account", deed, said=said)


@staff_view("workflow.add_photo")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photo to a job."""
    job = one(pk)
    must_do(request, job)
    form: Any = PhotoForm(posted(request), request.FILES or None)

    def deed() -> str:
        photos.add(
            upload=form.cleaned_data["photo"],
            job=job,
            check=job.checks.filter(kind="photo", photos=None).first(),
            caption=form.cleaned_data["caption"],
            actor=request.user,  # type: ignore[arg-type]
        )
        return "The photo is kept."

    return dialog(
        request, job, form, "Add a photo", "Add photo", deed, template="workflow/surveys/photo_dialog.html"
    )


@require_safe
@staff_view(SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The job card as a PDF."""
    file = job_papers.pdf(job=one(pk))
    return as_download(HttpResponse(file.content, content_type=file.content_type), file.filename)
