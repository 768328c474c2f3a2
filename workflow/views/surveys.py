"""Surveys of a lead: asked for, scheduled, called off and written down in dialogs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.pages import posted
from workflow.forms.surveys import FOUND, AskForm, CallOffForm, FoundForm, ScheduleForm
from workflow.models import Lead, Survey
from workflow.selectors import busy
from workflow.selectors import surveys as reading
from workflow.services import surveys


def _open(pk: int) -> Survey:
    """The survey of this lead that is still to be made."""
    found = reading.open_of(pk)
    if found is None:
        raise Http404("This lead has no survey that is open.")
    return found


def sees(person: Any, survey: Survey) -> bool:
    """Those who see leads see their surveys; a technician sees their own."""
    return may(person, "workflow.view_lead") or survey.technician_id == person.pk


def _answer(
    request: HttpRequest,
    lead: Lead,
    form: Any,
    title: str,
    press: str,
    deed: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    def do(_form: Any) -> tuple[str, str]:
        return deed(), reverse("workflow:lead", args=[lead.pk])

    title = f"{title}: {lead.name}"
    return answer(request, form=form, title=title, press=press, do=do, stays=True, **context)


@staff_view("workflow.add_survey")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a lead surveyed."""
    lead = get_object_or_404(Lead, pk=pk)
    form = AskForm(posted(request))

    def deed() -> str:
        surveys.ask(lead=lead, notes=form.cleaned_data["notes"], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return f"{lead.name} is to be surveyed."

    return _answer(request, lead, form, "Ask for a survey", "Ask for survey", deed)


@staff_view("workflow.schedule_jobcard")
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who goes there, and when; what stands against it is told before."""
    survey = _open(pk)
    form = ScheduleForm(posted(request), initial=_when(survey))
    if warning := _against(form, survey):
        form.add_error(None, "Something stands against this time. Choose another, or tick that it is meant.")

    def deed() -> str:
        starts_at, ends_at = form.times()
        surveys.schedule(
            survey=survey,
            technician=form.cleaned_data["technician"],
            starts_at=starts_at,
            ends_at=ends_at,
            notes=form.cleaned_data["notes"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"The survey at {survey.lead.name} is scheduled."

    return _answer(
        request, survey.lead, form, "Schedule the survey", "Schedule survey", deed, warning=" ".join(warning)
    )


def _when(survey: Survey) -> dict[str, Any]:
    known: dict[str, Any] = {"technician": survey.technician_id, "notes": survey.notes}
    if survey.starts_at:
        begins = timezone.localtime(survey.starts_at)
        known |= {"day": begins.date(), "starts": begins.time()}
    if survey.ends_at:
        known["ends"] = timezone.localtime(survey.ends_at).time()
    return known


def _against(form: ScheduleForm, survey: Survey) -> list[str]:
    """What the technician has at that time, unless it is meant all the same; the tick is shown only then."""
    found: list[str] = []
    if form.is_bound and form.is_valid() and not form.cleaned_data["anyway"]:
        starts_at, ends_at = form.times()
        found = busy.against(form.cleaned_data["technician"], starts_at, ends_at, survey=survey.pk)
    if not found and not form.data.get("anyway"):
        del form.fields["anyway"]
    return found


@staff_view("workflow.change_survey")
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody goes there."""
    survey = _open(pk)
    form = CallOffForm(posted(request))

    def deed() -> str:
        surveys.call_off(
            survey=survey,
            why=form.cleaned_data["why"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return "The survey is called off."

    return _answer(request, survey.lead, form, "Call the survey off", "Call survey off", deed, danger=True)


@staff_view("workflow.do_survey")
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the survey found."""
    survey = _open(pk)
    if not sees(request.user, survey):
        raise Http404("There is no such survey among yours.")
    form = FoundForm(posted(request), initial={"notes": survey.notes, "highsite": survey.lead.highsite_id})

    def deed() -> str:
        values = {name: form.cleaned_data[name] for name in FOUND}
        done = surveys.write_down(
            survey=survey,
            values=values,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"The survey at {survey.lead.name} is written down: {done.get_outcome_display().lower()}."

    return _answer(request, survey.lead, form, "What the survey found", "Write survey down", deed, wide=True)
