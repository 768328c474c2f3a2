"""Files of calls: taking them in, what became of their rows, taking them back, and calls without a line."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dataaccounts.forms.calls import LinkForm, TakeInForm
from dataaccounts.models import CallFile, VoiceCaller
from dataaccounts.selectors import calls as reading
from dataaccounts.services import call_uploads
from dataaccounts.services import calls as writing
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form, refuse
from herotill.lists.views.dialogs import changed, dialog
from herotill.models import Run
from herotill.pages import done, me, page, posted, told
from herotill.typed import number

ALL = ("GET", "HEAD", "POST")


@require_http_methods(ALL)
@staff_view("dataaccounts.add_callfile")
def take_in(request: HttpRequest) -> HttpResponse:
    """Have a file taken in, or only looked at."""
    form = TakeInForm(posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        run = call_uploads.give(**form.cleaned_data, actor=me(request), only_say="only_say" in request.POST)
        return redirect("run", run.pk)
    return page(request, "dataaccounts/calls/take_in.html", form=form, page_title="Take in a file of calls")


@require_http_methods(ALL)
@staff_view("dataaccounts.add_callfile")
def looked_at(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of a file; and have it taken in."""
    look = get_object_or_404(Run, pk=pk, kind=call_uploads.RUN, state=Run.State.DONE, params__only_say=True)
    form = Form(posted(request))
    if form.is_bound:
        try:
            return redirect("run", call_uploads.take_in(looked=look, actor=me(request)).pk)
        except DomainError as no:
            refuse(form, no)
    file = call_uploads.seen(look)
    shown = {"file": file, "outcomes": reading.outcomes(file), "reasons": reading.reasons(file)}
    title = f"What would become of {file}"
    return page(request, "dataaccounts/calls/looked_at.html", form=form, page_title=title, **shown)


@require_safe
@staff_view("dataaccounts.view_callfile")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A file: what became of its rows, and the way back while none of its calls is charged."""
    file = get_object_or_404(CallFile.objects.select_related("profile__source", "taken_by", "back_by"), pk=pk)
    after = number(request.GET.get("after")) or 0
    sees = may(request.user, "dataaccounts.see_call_numbers")
    trouble, more = reading.in_trouble(file, after) if sees else (None, None)
    context = {
        "file": file,
        "outcomes": reading.outcomes(file),
        "reasons": reading.reasons(file),
        "charged": reading.charged(file),
        "trouble": trouble,
        "after": after,
        "more": more,
        "page_title": str(file),
    }
    return render(request, "dataaccounts/calls/file.html", context)


@require_POST
@staff_view("dataaccounts.take_back_callfile")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file back, with all its calls."""
    file = get_object_or_404(CallFile, pk=pk)
    deed = partial(writing.take_back, file=file, actor=me(request), now=timezone.now())
    told(request, deed, f"{file} is taken back; it can be taken in again.")
    return redirect("dataaccounts:call-file", file.pk)


@require_safe
@staff_view("dataaccounts.view_callfile")
def unmatched(request: HttpRequest) -> HttpResponse:
    """Who called without a line, and numbers without a rate."""
    context = {
        "unknown": reading.unknown(),
        "unrated": reading.unrated(),
        "linked": reading.linked(),
        "whole": may(request.user, "dataaccounts.see_call_numbers"),
        "page_title": "Calls without a line",
    }
    return render(request, "dataaccounts/calls/unmatched.html", context)


@require_http_methods(ALL)
@staff_view("dataaccounts.change_voicecaller")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that says which line somebody is."""
    caller = get_object_or_404(VoiceCaller.objects.select_related("source"), pk=pk)
    form = LinkForm(posted(request), caller=caller)
    if form.is_bound and form.is_valid():
        line = form.cleaned_data["line"]
        try:
            count = writing.link(caller=caller, line=line, actor=me(request), now=timezone.now())
        except DomainError as no:
            refuse(form, no)
        else:
            said = f"{caller} is {line or 'nobody we know'}: {count:,} call{'' if count == 1 else 's'} rated."
            return changed(request, said, reverse("dataaccounts:calls-unmatched"))
    ways = len(reading.alike(caller))
    said = f"Its records come from {caller.source}. What you say holds for later files too"
    context = {
        "form": form,
        "action": request.path,
        "page_title": f"Which line is {caller}?",
        "said": f"{said}, and for all {ways} ways in which it is written." if ways > 1 else f"{said}.",
        "press": "Link and rate",
    }
    return dialog(request, "lists/_form_dialog.html", context, 422 if form.is_bound else 200)


@require_POST
@staff_view("dataaccounts.change_voicecaller")
def settle(request: HttpRequest) -> HttpResponse:
    """Look once more whether what waits has a line and a rate by now."""
    count = writing.settle()
    said = (
        f"{count:,} call{' is' if count == 1 else 's are'} rated now."
        if count
        else "Nothing has a line or a rate now that had none."
    )
    return done(request, said, "dataaccounts:calls-unmatched")
