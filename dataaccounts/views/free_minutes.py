"""Free minutes of voice packages and of lines: what they are, and the dialogs that change them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dataaccounts.forms.free_minutes import EndForm, GiveForm
from dataaccounts.models import VoiceLine, VoicePackage
from dataaccounts.selectors import free_minutes as reading
from dataaccounts.services import free_minutes
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog
from herotill.months import Month
from herotill.pages import posted

ALL = ("GET", "HEAD", "POST")
SEE, OF_LINES, OF_PACKAGES = (
    "dataaccounts.view_voicebundle",
    "dataaccounts.change_voicebundle",
    "dataaccounts.change_voicepackage",
)


def _line(pk: int) -> VoiceLine:
    return get_object_or_404(VoiceLine.objects.select_related("package", "customer"), pk=pk)


def _package(pk: int) -> VoicePackage:
    return get_object_or_404(VoicePackage, pk=pk)


@require_safe
@staff_view(SEE)
def of_package(request: HttpRequest, pk: int) -> HttpResponse:
    """What each line of a package has free."""
    package = _package(pk)
    given = reading.own(package, timezone.localdate())
    return _page(request, package, given, may(request.user, OF_PACKAGES))


@require_safe
@staff_view(SEE)
def of_line(request: HttpRequest, pk: int) -> HttpResponse:
    """What a line has free, by itself or by its package, and what is used of it this month."""
    line = _line(pk)
    given = reading.of_lines([line], timezone.localdate()).get(line.pk, [])
    going = line.state != VoiceLine.State.CANCELLED
    return _page(request, line, given, going and may(request.user, OF_LINES))


def _page(request: HttpRequest, whose: Any, given: list[reading.Free], may_change: bool) -> HttpResponse:
    request.menu_entry = "voice.lines" if _of(whose) == "line" else "setup.voice-packages"  # type: ignore[attr-defined]
    context = {
        "whose": whose,
        "line": whose if isinstance(whose, VoiceLine) else None,
        "given": given,
        "may_change": may_change,
        "month": Month.of(timezone.localdate()),
        "give_url": reverse(f"dataaccounts:voice-{_of(whose)}-minutes-give", args=[whose.pk]),
        "end_url": reverse(f"dataaccounts:voice-{_of(whose)}-minutes-end", args=[whose.pk]),
        "page_title": f"Free minutes of {whose}",
    }
    return render(request, "dataaccounts/calls/minutes.html", context)


def _of(whose: VoicePackage | VoiceLine) -> str:
    return "line" if isinstance(whose, VoiceLine) else "package"


@require_http_methods(ALL)
@staff_view(OF_PACKAGES)
def give_package(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that gives the lines of a package free minutes, or changes them."""
    return _give(request, _package(pk))


@require_http_methods(ALL)
@staff_view(OF_LINES)
def give_line(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that gives a line free minutes of its own, or changes them."""
    return _give(request, _line(pk))


@require_http_methods(ALL)
@staff_view(OF_PACKAGES)
def end_package(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that ends free minutes of a package's lines."""
    return _end(request, _package(pk))


@require_http_methods(ALL)
@staff_view(OF_LINES)
def end_line(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that ends a line's own free minutes."""
    return _end(request, _line(pk))


def _give(request: HttpRequest, whose: Any) -> HttpResponse:
    today, wanted = timezone.localdate(), request.GET.get("class", "")
    package = whose.package if isinstance(whose, VoiceLine) else whose
    held = {one.call_class: one.minutes for one in reading.own(whose, today)}
    form = GiveForm(
        posted(request),
        classes=sorted({*reading.by_class(package), *held}),
        month=Month.of(today),
        initial={"call_class": wanted, "minutes": held.get(wanted)},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            free_minutes.give(whose=whose, **data, today=today)
        except DomainError as no:
            refuse(form, no)
        else:
            said = f"{data['minutes']:,} minutes {data['call_class']} a month from {data['month'].label}."
            return changed(request, said, _back(whose))
    what = (
        "Its own stand in place of its package's." if _of(whose) == "line" else "Each of its lines has them."
    )
    said = f"Every month, for calls in the order they begin. {what} What was meant for later months goes."
    return _dialog(request, form, f"Free minutes of {whose}", said, "Keep free minutes")


def _end(request: HttpRequest, whose: Any) -> HttpResponse:
    today, wanted = timezone.localdate(), request.GET.get("class", "")
    form = EndForm(posted(request), month=Month.of(today).next, initial={"call_class": wanted})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            free_minutes.end(whose=whose, **data, today=today)
        except DomainError as no:
            refuse(form, no)
        else:
            said = f"No free minutes {data['call_class']} from {data['month'].label}."
            return changed(request, said, _back(whose))
    said = "Calls of earlier months keep theirs."
    if _of(whose) == "line":
        said += " From then on the line has what its package gives."
    return _dialog(request, form, f"End free minutes {wanted}", said, "End free minutes")


def _back(whose: Any) -> str:
    return reverse(f"dataaccounts:voice-{_of(whose)}-minutes", args=[whose.pk])


def _dialog(request: HttpRequest, form: Any, title: str, said: str, press: str) -> HttpResponse:
    context = {"form": form, "action": request.path, "page_title": title, "said": said, "press": press}
    return dialog(request, "lists/_form_dialog.html", context, 422 if form.is_bound else 200)
