"""Setup: what messages say."""

from __future__ import annotations

from itertools import groupby
from typing import Any, cast

from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.messages.forms import WordingForm
from herotill.messages.models import Wording
from herotill.messages.policies.previewing import preview
from herotill.messages.selectors import wordings
from herotill.messages.services import testing, wording
from herotill.messages.templates import Template, templates
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "outbox.view_wording", "outbox.change_wording"


@require_safe
@staff_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Every template, by group, and which were edited."""
    words = wordings.current([one.name for one in templates])
    declared = [(one, words[one.name][2]) for one in templates]
    groups = [(name, list(found)) for name, found in groupby(declared, key=lambda pair: pair[0].group)]
    return render(request, "messages/templates.html", {"groups": groups, "page_title": "Message templates"})


def _find(name: str) -> Template:
    found = templates.get(name)
    if found is None:
        raise Http404
    return found


@staff_view(SEE)
def template(request: HttpRequest, name: str) -> HttpResponseBase:
    """One template: its words, a preview, its versions."""
    found = _find(name)
    if request.method == "POST":
        return _save(request, found)
    return _page(request, found)


def _form(request: HttpRequest, found: Template) -> WordingForm:
    subject, text, _ = wordings.current([found.name])[found.name]
    guarded = wording.is_guarded(found, request.POST.get("text", ""))
    data = request.POST if request.method == "POST" else None
    return WordingForm(data, template=found, guarded=guarded, initial={"subject": subject, "text": text})


@staff_view(CHANGE)
def _save(request: HttpRequest, found: Template) -> HttpResponseBase:
    if wording.is_guarded(found, request.POST.get("text", "")):
        return _save_guarded(request, found)
    return _saved(request, found)


@fresh_second_factor
def _save_guarded(request: HttpRequest, found: Template) -> HttpResponse:
    return _saved(request, found)


def _saved(request: HttpRequest, found: Template) -> HttpResponse:
    form, actor, now = _form(request, found), cast(User, request.user), timezone.now()
    if not form.is_valid():
        return _page(request, found, form)
    given = form.cleaned_data
    try:
        made = wording.save(
            template=found,
            subject=given.get("subject", ""),
            text=given["text"],
            reason=given.get("reason", ""),
            actor=actor,
            now=now,
        )
    except DomainError as no:
        refuse(form, no)
        return _page(request, found, form)
    return _told(request, made)


def _told(request: HttpRequest, made: Wording) -> HttpResponse:
    waits = made.state == Wording.State.WAITS
    said.success(
        request, "It waits for a second person; until then the old text stands." if waits else "Saved."
    )
    return redirect("message-template", name=made.template)


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def reset(request: HttpRequest, name: str) -> HttpResponse:
    """Back to the words it came with."""
    found, actor = _find(name), cast(User, request.user)
    try:
        made = wording.reset(
            template=found, actor=actor, now=timezone.now(), reason="Back to the words it came with."
        )
    except DomainError as no:
        said.error(request, str(no))
        return redirect("message-template", name=name)
    return _told(request, made)


@require_POST
@staff_view(SEE)
def look(request: HttpRequest, name: str) -> HttpResponse:
    """How what is being typed would read."""
    found = _find(name)
    shown = preview(found, request.POST.get("subject", ""), request.POST.get("text", ""))
    return render(request, "messages/_preview.html", {"preview": shown, "template": found})


@require_POST
@staff_view(CHANGE)
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Send oneself the text in use, with the examples of its fields."""
    actor = cast(User, request.user)
    try:
        testing.mail(template=_find(name), to=actor.email, now=timezone.now(), actor_id=actor.pk)
    except DomainError as no:
        said.error(request, str(no))
    else:
        said.success(request, f"A test goes to {actor.email}.")
    return redirect("message-template", name=name)


def _page(request: HttpRequest, found: Template, form: WordingForm | None = None) -> HttpResponse:
    form = form or _form(request, found)
    subject = form["subject"].value() if "subject" in form.fields else ""
    context: dict[str, Any] = {
        "template": found,
        "form": form,
        "fields": found.by_name.values(),
        "preview": preview(found, subject or "", form["text"].value() or ""),
        "versions": wordings.versions(found.name),
        "waiting": wordings.waiting(found.name),
        "edited": wordings.current([found.name])[found.name][2],
        "may_change": may(request.user, CHANGE),
        "page_title": found.title,
    }
    return render(request, "messages/template.html", context, status=422 if form.errors else 200)
