"""Job cards at the desk: one card, and what is done with it in dialogs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.views.dialogs import answer
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.forms import Form
from herotill.lists.views.dialogs import changed
from herotill.pages import posted
from workflow.forms import jobs as forms
from workflow.models import JobCard, JobCheck, Lead
from workflow.policies import jobs as rules
from workflow.selectors import busy, job_pages
from workflow.selectors import jobs as reading
from workflow.services import job_mails, job_things, jobs

SEE, SCHEDULE = "workflow.view_jobcard", "workflow.schedule_jobcard"


def one(pk: int) -> JobCard:
    found = job_pages.find(pk)
    if found is None:
        raise Http404("No such job.")
    return found


def of_lead(pk: int) -> JobCard:
    """The newest card of a lead; the buttons of the lists lead to it."""
    lead = get_object_or_404(Lead, pk=pk)
    newest = reading.newest_of([lead.pk]).get(lead.pk)
    if newest is None:
        raise Http404("This lead has no job card.")
    return one(newest.pk)


def url_of(job: JobCard) -> str:
    return reverse("workflow:job", args=[job.pk])


def must_do(request: HttpRequest, job: JobCard) -> None:
    """Only whose job it is, or who may carry out anybody's."""
    if not job_pages.does(request.user, job):  # type: ignore[arg-type]
        raise PermissionDenied


def dialog(
    request: HttpRequest,
    job: JobCard,
    form: Any,
    title: str,
    press: str,
    deed: Callable[[], str],
    *,
    stays: bool = True,
    **context: Any,
) -> HttpResponse:
    """A dialog about one job; the page behind it is shown anew."""

    def do(_form: Any) -> tuple[str, str]:
        return deed(), url_of(job)

    said = f"{title}: {job.customer.name}"
    return answer(request, form=form, title=said, press=press, do=do, stays=stays, **context)


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: what is to be done and what was, the signature, the history."""
    job = one(pk)
    user: Any = request.user
    context = job_pages.page(user, job) | {
        "job": job,
        "deeds": list(job_pages.deeds(user, job)),
        "does": job.state in rules.OPEN and job_pages.does(user, job),
        "warnings": _stands_against(job),
        "page_title": f"{job} {job.customer.name}",
    }
    request.menu_entry = "workflow.jobs"  # type: ignore[attr-defined]
    return render(request, "workflow/jobs/show.html", context)


def _stands_against(job: JobCard) -> list[str]:
    if job.state != JobCard.State.SCHEDULED or not (job.technician and job.starts_at and job.ends_at):
        return []
    return busy.against(job.technician, job.starts_at, job.ends_at, job=job.pk)


@staff_view("workflow.add_jobcard")
def open_card(request: HttpRequest, code: str) -> HttpResponse:
    """Open a card for a customer who is there already."""
    customer = get_object_or_404(Customer, code=code)
    form = forms.CardForm(posted(request), customer=customer)

    def do(_form: Any) -> tuple[str, str]:
        job = jobs.open_card(
            customer=customer,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            **form.cleaned_data,
        )
        return f"{job} is opened.", url_of(job)

    return answer(request, form=form, title=f"New job: {customer.name}", press="Open job card", do=do)


@staff_view("workflow.change_jobcard")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say differently what is to be done, and where."""
    job = one(pk)
    names = ("account", "area", "address", "instructions")
    initial = {name: getattr(job, name) for name in names} | {"seen": job.version}
    form = forms.CardForm(posted(request), customer=job.customer, job=job, initial=initial)

    def deed() -> str:
        values = dict(form.cleaned_data)
        seen = values.pop("seen") or 0
        job_things.change_card(job=job, values=values, seen=seen, actor=request.user)  # type: ignore[arg-type]
        return f"{job} is changed."

    return dialog(request, job, form, "Edit the job", "Save job", deed)


@staff_view(SCHEDULE)
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who goes there, and when; what stands against it is told before."""
    return _schedule(request, one(pk))


@staff_view(SCHEDULE)
def schedule_lead(request: HttpRequest, pk: int) -> HttpResponse:
    return _schedule(request, of_lead(pk))


def _schedule(request: HttpRequest, job: JobCard) -> HttpResponse:
    form = forms.ScheduleForm(posted(request), initial=_when(request, job))
    warnings = _against(form, job)
    if warnings:
        form.add_error(None, "Something stands against this time. Choose another, or tick that it is meant.")

    def deed() -> str:
        starts_at, ends_at = form.times()
        technician, now, user = form.cleaned_data["technician"], timezone.now(), request.user
        done = jobs.schedule(job, technician, starts_at, ends_at, user, now)  # type: ignore[arg-type]
        if form.cleaned_data["tell"]:
            job_mails.tell_scheduled(done, user, now, again=job.starts_at is not None)  # type: ignore[arg-type]
        return f"{technician} goes to {job.customer.name} on {form.cleaned_data['day']}."

    return dialog(request, job, form, "Schedule the job", "Schedule job", deed, warning=" ".join(warnings))


def _when(request: HttpRequest, job: JobCard) -> dict[str, Any]:
    """What the card has, then what the slot says onto which it was dropped."""
    known: dict[str, Any] = {"technician": job.technician_id, "starts": "08:00"}
    length = timedelta(minutes=job.job_type.minutes)
    if job.starts_at and job.ends_at:
        begins = timezone.localtime(job.starts_at)
        known |= {"day": begins.date(), "starts": begins.strftime("%H:%M")}
        length = job.ends_at - job.starts_at
    asked = {name: request.GET[name] for name in ("technician", "day", "starts") if request.GET.get(name)}
    known |= asked
    known["tell"] = reading.tells_of_jobs()
    known["ends"] = reading.later(str(known["starts"]), length)
    return known


def _against(form: forms.ScheduleForm, job: JobCard) -> list[str]:
    found: list[str] = []
    if form.is_bound and form.is_valid() and not form.cleaned_data["anyway"]:
        starts_at, ends_at = form.times()
        found = busy.against(form.cleaned_data["technician"], starts_at, ends_at, job=job.pk)
    if not found and not form.data.get("anyway"):
        del form.fields["anyway"]
    return found


@staff_view(SEE)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The technician is there."""
    return _start(request, one(pk))


@staff_view(SEE)
def start_lead(request: HttpRequest, pk: int) -> HttpResponse:
    return _start(request, of_lead(pk))


def _start(request: HttpRequest, job: JobCard) -> HttpResponse:
    must_do(request, job)

    def deed() -> str:
        jobs.start(job, request.user, timezone.now())  # type: ignore[arg-type]
        return f"{job} is in progress."

    said = f"{job.technician} has begun at {job.customer.name}."
    return dialog(request, job, Form(posted(request)), "Start the job", "Start job", deed, said=said)


@staff_view(SEE)
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the customer's accounts in while the technician is there."""
    job = one(pk)
    must_do(request, job)

    def deed() -> str:
        jobs.connect(job, request.user, timezone.now())  # type: ignore[arg-type]
        return "The accounts are let in; billing begins today."

    said = "The accounts that wait are let in now, so that they can be tested. They are billed from today on."
    return dialog(request, job, Form(posted(request)), "Let the account in", "Let in", deed, said=said)


@staff_view(SEE)
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The job is done; services begin."""
    return _complete(request, one(pk))


@staff_view(SEE)
def complete_lead(request: HttpRequest, pk: int) -> HttpResponse:
    return _complete(request, of_lead(pk))


def _complete(request: HttpRequest, job: JobCard) -> HttpResponse:
    must_do(request, job)
    lacking = rules.lacking(reading.done(job))
    overrides = may(request.user, jobs.OVERRIDE)
    initial = {"starts_service_on": job.starts_service_on or timezone.localdate(), "report": job.report}
    form = forms.CompleteForm(posted(request), job=job, lacking=lacking, overrides=overrides, initial=initial)

    def deed() -> str:
        jobs.complete(job, form.cleaned_data, request.user, timezone.now())  # type: ignore[arg-type]
        return f"{job} is completed."

    return dialog(request, job, form, "Complete the job", "Complete job", deed, warning=" ".join(lacking))


@staff_view(SEE)
def fail(request: HttpRequest, pk: int) -> HttpResponse:
    """It could not be done."""
    job = one(pk)
    must_do(request, job)
    form = forms.FailForm(posted(request))

    def deed() -> str:
        data = form.cleaned_data
        jobs.fail(job, data["reason"], data["words"], request.user, timezone.now())  # type: ignore[arg-type]
        return f"{job} has failed; book it again when the way is clear."

    return dialog(request, job, form, "The job failed", "Mark job as failed", deed, danger=True)


@staff_view(SCHEDULE)
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody drives out."""
    job = one(pk)
    form = forms.WhyForm(posted(request))

    def deed() -> str:
        jobs.call_off(job, form.cleaned_data["why"], request.user, timezone.now())  # type: ignore[arg-type]
        return f"{job} is called off."

    return dialog(request, job, form, "Call the job off", "Call job off", deed, danger=True)


@staff_view("workflow.add_jobcard")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new card instead of one that came to nothing."""
    return _again(request, one(pk))


@staff_view("workflow.add_jobcard")
def again_lead(request: HttpRequest, pk: int) -> HttpResponse:
    return _again(request, of_lead(pk))


def _again(request: HttpRequest, job: JobCard) -> HttpResponse:
    def do(_form: Any) -> tuple[str, str]:
        made = jobs.book_again(job, request.user, timezone.now())  # type: ignore[arg-type]
        return f"{made} goes on instead of {job}.", url_of(made)

    said = f"A new card with the same checklist goes on instead of {job}, ready to be scheduled."
    title = f"Book again: {job.customer.name}"
    return answer(request, form=Form(posted(request)), title=title, press="Book again", do=do, said=said)


@staff_view(SEE)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one thing of the checklist."""
    item = get_object_or_404(JobCheck, pk=pk)
    job = one(item.job_id)
    must_do(request, job)
    if item.kind == "tick" and request.method == "POST":
        jobs.check(item, "" if item.done_at else "yes", request.user, timezone.now())  # type: ignore[arg-type]
        return changed(request, "Checklist written.", url_of(job))
    form = forms.CheckForm(posted(request), item=item, initial={"answer": item.answer})

    def deed() -> str:
        jobs.check(item, form.cleaned_data["answer"], request.user, timezone.now())  # type: ignore[arg-type]
        return "Written down."

    return dialog(request, job, form, "Checklist", "Save answer", deed)
