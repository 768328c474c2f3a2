"""The timetable: what HeroTill does by itself, how it went, when it does it, and not for now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from herotill import jobs
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form, refuse
from herotill.jobs import Job
from herotill.pages import done, me, page, posted, told
from herotill.schedules import EXAMPLES
from herotill.timetable import calls, setting, showing
from herotill.typed import number

PAGE = 50


def _job(name: str, *rights: str, user: Any, to_touch: bool = False) -> Job:
    """A registered job, for somebody who holds these rights; there is no other thing to be changed here.

    `to_touch` asks for the job's own right as well.
    """
    if name not in jobs.jobs or not all(may(user, right) for right in rights):
        raise PermissionDenied
    if to_touch and not showing.may_touch(user, jobs.jobs[name]):
        raise PermissionDenied
    return jobs.jobs[name]


@staff_view("house.see_jobs")
@require_safe
def timetable(request: HttpRequest) -> HttpResponse:
    """All jobs with their health, last and next time."""
    now = timezone.now()
    groups = [
        (title, [{"line": one, **showing.allowed(request.user, one.job)} for one in some])
        for title, some in showing.grouped(showing.lines(now))
    ]
    return page(
        request, "runs/timetable.html", groups=groups, helpers=showing.helpers(now), page_title="Timetable"
    )


@staff_view("house.see_jobs")
@require_safe
def job(request: HttpRequest, name: str) -> HttpResponse:
    """One job, with its latest calls."""
    found = _job(name, user=request.user)
    before = number(request.GET.get("before"))
    newest = calls.newest(name, before=before, limit=PAGE + 1)
    return render(
        request,
        "runs/job.html",
        {
            "line": showing.line(found, timezone.now()),
            "calls": newest[:PAGE],
            "older": newest[PAGE - 1].pk if len(newest) > PAGE else None,
            "is_newest": before is None,
            "page_title": found.title,
            **showing.allowed(request.user, found),
        },
    )


class TimeForm(Form):
    """When a job is carried out, in words."""

    schedule = forms.CharField(
        label="When", max_length=60, required=False, help_text=f"Such as {EXAMPLES}. Empty: its own time."
    )


@staff_view("house.change_timetable")
@require_http_methods(["GET", "HEAD", "POST"])
def time(request: HttpRequest, name: str) -> HttpResponse:
    """Set when a job is carried out."""
    found = _job(name, "house.see_jobs", to_touch=True, user=request.user)
    line = showing.line(found, timezone.now())
    form = TimeForm(posted(request), initial={"schedule": line.words})
    if form.is_bound and form.is_valid() and _retimed(request, found, form):
        return done(request, f"{found.title}: the time is set.", "job", name)
    return page(request, "runs/time.html", form=form, line=line, page_title=found.title)


def _retimed(request: HttpRequest, found: Job, form: TimeForm) -> bool:
    words, now = form.cleaned_data["schedule"], timezone.now()
    try:
        setting.retime(name=found.name, schedule=words, now=now, actor=me(request))
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@staff_view("house.pause_jobs")
@require_POST
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """Pause a job, or let it go on."""
    found = _job(name, to_touch=True, user=request.user)
    paused = request.POST.get("paused") == "1"
    told(
        request,
        lambda: setting.pause(name=name, paused=paused, now=timezone.now(), actor=me(request)),
        f"{found.title}: {'paused' if paused else 'goes on'}.",
    )
    return _back(request, name)


@staff_view("house.run_jobs")
@require_POST
def run_now(request: HttpRequest, name: str) -> HttpResponse:
    """Have a job carried out as soon as a worker takes it."""
    found = _job(name, to_touch=True, user=request.user)
    told(request, lambda: jobs.ask(name=name, actor=me(request)), f"{found.title}: a worker takes it next.")
    return _back(request, name)


def _back(request: HttpRequest, name: str) -> HttpResponse:
    return redirect("job", name) if may(request.user, "house.see_jobs") else redirect("start")
