"""A technician's phone: the day's visits, what is needed at one, and what is sent from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dataaccounts.models import Package
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from workflow.forms.phone import JOB_FORMS, SURVEY_FORMS, SendingForm
from workflow.models import JobCard, Survey
from workflow.policies import phone
from workflow.selectors import surveys as reading_surveys
from workflow.selectors import visits
from workflow.services import sendings

DO, DO_ANY = "workflow.do_jobcard", "workflow.do_any_jobcard"
# What the desk asks for the same deed; the others come with the job.
RIGHTS = {"found": "workflow.do_survey", "photo": "workflow.add_photo"}
KEEP, KEEP_FOR = "X-Keep-Until", "X-Keep-For"
WORKER = "js/phone/worker.js"


def doer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in those who carry out jobs, their own or anybody's."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, DO) and not may(request.user, DO_ANY):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff_view("workflow.view_jobcard")(inner)


def _page(request: HttpRequest, template: str, context: dict[str, Any], until: date | None) -> HttpResponse:
    """A page; `until` tells the phone how long it may keep it."""
    forms = context.get("forms", {})
    wrong = any(form.is_bound for form in forms.values())
    response = render(request, template, context, status=422 if wrong else 200)
    if until:
        response.headers[KEEP], response.headers[KEEP_FOR] = f"{until}", f"{request.user.pk}"
    return response


@require_safe
@doer
def mine(request: HttpRequest) -> HttpResponse:
    """Where the person goes today and tomorrow, and what was left over."""
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    me: Any = request.user
    found = visits.between(me, today, tomorrow + timedelta(days=1))
    context = {
        "page_title": "My jobs",
        "today": today,
        "late": visits.unfinished(me, today),
        "days": [
            (today, [v for v in found if v.day == today]),
            (tomorrow, [v for v in found if v.day > today]),
        ],
    }
    return _page(request, "workflow/phone/mine.html", context, tomorrow)


@require_safe
@doer
def later(request: HttpRequest) -> HttpResponse:
    """The days after tomorrow; the phone keeps nothing of them."""
    today = timezone.localdate()
    me: Any = request.user
    found = visits.between(me, today + timedelta(days=2), today + timedelta(days=15))
    days = sorted({visit.day for visit in found})
    context = {
        "page_title": "Later",
        "today": today,
        "days": [(day, [visit for visit in found if visit.day == day]) for day in days],
    }
    return _page(request, "workflow/phone/later.html", context, None)


def _is_theirs(request: HttpRequest, technician: int | None) -> bool:
    return technician == request.user.pk or may(request.user, DO_ANY)


def _job(request: HttpRequest, pk: int) -> JobCard:
    found = visits.job(pk)
    if found is None or not _is_theirs(request, found.technician_id) or found.starts_at is None:
        raise Http404("There is no such job among yours.")
    return found


def _survey(request: HttpRequest, pk: int) -> Survey:
    found = visits.survey(pk)
    if found is None or not _is_theirs(request, found.technician_id) or found.starts_at is None:
        raise Http404("There is no such survey among yours.")
    return found


def _until(request: HttpRequest, technician: int | None, starts_at: Any, ended: bool) -> date | None:
    """Only a person's own visits stay on their phone."""
    day, today = timezone.localdate(starts_at), timezone.localdate()
    return phone.kept_until(day, today, ended) if technician == request.user.pk else None


@require_safe
@doer
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: where, whom to call, what to do, and the end of it."""
    card = _job(request, pk)
    return _show_job(request, card, {})


def _show_job(request: HttpRequest, card: JobCard, bound: dict[str, Any]) -> HttpResponse:
    forms = {kind: form(auto_id=f"{kind}-%s") for kind, form in JOB_FORMS.items()} | bound
    ended = card.state not in visits.OPEN_JOBS
    checklist, others = visits.checks(card)
    account = visits.account_of(card)
    context = {
        "page_title": card.customer.name,
        "job": card,
        "ended": ended,
        "forms": forms,
        "reach": visits.reach_customer(card.customer_id),
        "geo": _geo(card.address, card.lead),
        "checks": checklist,
        "photos": others,
        "materials": list(card.materials.all()),
        "equipment": visits.put_in(card),
        "standing": visits.standing_there(card),
        "bring": visits.to_bring(card),
        "line": visits.test(account) if account else None,
        "speed": _speed(account.package) if account else "",
        "unchecked": "" if ended else visits.unchecked(card),
        "tested_at": datetime.fromisoformat(card.tested["at"]) if card.tested else None,
        "strokes": phone.drawn(card.signature) if isinstance(card.signature, list) else [],
    }
    until = _until(request, card.technician_id, card.starts_at, ended)
    return _page(request, "workflow/phone/job.html", context, until)


def _speed(package: Package) -> str:
    """How fast a package is, as a person says it."""
    down, up = (f"{kbit / 1000:g} Mbit/s" for kbit in (package.down_kbit, package.up_kbit))
    return f"{down} down, {up} up"


def _geo(address: str, lead: Any) -> str:
    if lead is not None:
        return phone.geo(address, lead.latitude, lead.longitude)
    return phone.geo(address)


@require_safe
@doer
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: where, whom to call, and what it found."""
    return _show_survey(request, _survey(request, pk), {})


def _show_survey(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> HttpResponse:
    known = {"notes": found.notes, "highsite": found.highsite_id or found.lead.highsite_id}
    forms = {kind: form(initial=known, auto_id=f"{kind}-%s") for kind, form in SURVEY_FORMS.items()} | bound
    ended = found.state not in reading_surveys.OPEN
    address = visits.address_of(found.lead)
    context = {
        "page_title": found.lead.name,
        "survey": found,
        "ended": ended,
        "forms": forms,
        "reach": visits.reach_lead(found.lead),
        "address": address,
        "geo": _geo(address, found.lead),
        "photos": list(found.photos.all()),
    }
    until = _until(request, found.technician_id, found.starts_at, ended)
    return _page(request, "workflow/phone/survey.html", context, until)


@require_POST
@doer
def send_job(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A deed at a job, as the phone tells of it."""
    card = _job(request, pk)
    form = _form(request, JOB_FORMS, kind)
    _must(request, kind)
    if _taken(request, form, kind, sendings.for_job, job=card):
        return _done(request, "workflow:my-job", pk)
    return _refused(request, form) or _show_job(request, card, {kind: form})


@require_POST
@doer
def send_survey(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A deed at a survey, as the phone tells of it."""
    found = _survey(request, pk)
    form = _form(request, SURVEY_FORMS, kind)
    _must(request, kind)
    if _taken(request, form, kind, sendings.for_survey, survey=found):
        return _done(request, "workflow:my-survey", pk)
    return _refused(request, form) or _show_survey(request, found, {kind: form})


def _form(request: HttpRequest, forms: dict[str, type[SendingForm]], kind: str) -> SendingForm:
    if kind not in forms:
        raise Http404("Nothing of that kind is sent.")
    return forms[kind](request.POST, request.FILES, auto_id=f"{kind}-%s")


def _must(request: HttpRequest, kind: str) -> None:
    if not may(request.user, RIGHTS.get(kind, "")):
        raise PermissionDenied


def _taken(request: HttpRequest, form: SendingForm, kind: str, take: Any, **subject: Any) -> bool:
    """Whether it was done, now or before; what stands against it is at the form otherwise."""
    if not form.is_valid():
        return False
    sending = sendings.Sending(
        key=form.cleaned_data["key"],
        kind=kind,
        made_at=form.cleaned_data["made_at"],
        values=form.values(),
        upload=form.cleaned_data.get("photo"),
    )
    try:
        take(sending=sending, actor=request.user, now=timezone.now(), **subject)
    except DomainError as no:
        refuse(form, no)
        return False
    return True


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _done(request: HttpRequest, url_name: str, pk: int) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"done": True})
    messages.success(request, "Sent.")
    return redirect(url_name, pk)


def _refused(request: HttpRequest, form: SendingForm) -> HttpResponse | None:
    """What is wrong, in words, for the script; a plain form gets its page again."""
    if not _by_script(request):
        return None
    said = [
        str(error) if name == "__all__" else f"{form.fields[name].label or name}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]
    return JsonResponse({"said": " ".join(said)}, status=422)


@require_safe
@doer
def line(request: HttpRequest) -> HttpResponse:
    """Who is logged in on this phone, with the token that what waits is sent with."""
    return JsonResponse({"person": request.user.pk, "csrf": get_token(request)})


@require_safe
@doer
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; served from here, it sees the pages below here and no others."""
    path = finders.find(WORKER)
    if not isinstance(path, str):
        raise Http404("There is no worker.")
    with open(path, encoding="utf-8") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
