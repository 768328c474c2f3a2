"""A wholesaler's own CSV: its columns chosen once, with what becomes of its first rows shown beside."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dataaccounts.forms import call_mapping as forms
from dataaccounts.models import CallProfile
from dataaccounts.policies.calls import records
from dataaccounts.selectors.calls import REASONS
from dataaccounts.services import call_formats
from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import done, page
from herotill.reference.selectors import vat
from herotill.vat import STANDARD

WAYS = {"out": "Made", "in": "Came in", "inside": "Inside"}


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view("dataaccounts.add_callprofile")
def new(request: HttpRequest) -> HttpResponse:
    """First a file to look at, then its columns; kept once somebody has seen what comes of it."""
    return _asked(request, None)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view("dataaccounts.change_callprofile")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a format there is: a file as they give it now, with what the format says filled in."""
    formats = CallProfile.objects.filter(kind=CallProfile.Kind.MAPPED, retired=False)
    return _asked(request, get_object_or_404(formats.select_related("source"), pk=pk))


def _asked(request: HttpRequest, of: CallProfile | None) -> HttpResponse:
    if request.method != "POST":
        return _first(request, forms.SampleForm(initial=forms.about_file(of) if of else {}), of)
    if "sample" in request.FILES:
        return _looked_at(request, of)
    sample = request.POST.get("sample", "")[: forms.MOST]
    try:
        skip = min(max(int(request.POST.get("skip_records") or 0), 0), 100)
        named = request.POST.get("heading") != forms.UNNAMED
        columns = forms.headings(sample, forms.between(request.POST.get("delimiter", ",")), skip, named=named)
    except (DomainError, ValueError):
        return _first(request, forms.SampleForm({}), of)
    form = forms.MappingForm(request.POST, columns=columns, of=of)
    if not form.is_valid():
        return _second(request, form, sample, of)
    profile = form.profile(vat.rates().tax(STANDARD, timezone.localdate()).rate)
    if "keep" not in request.POST:
        return _second(request, form, sample, of, _seen(profile, sample, form))
    try:
        made = _keep(profile, of)
    except DomainError as no:
        refuse(form, no)
        return _second(request, form, sample, of)
    return done(request, f"“{made}” is kept.", "setup-call-formats" if of else "dataaccounts:call-files-new")


def _keep(profile: CallProfile, of: CallProfile | None) -> CallProfile:
    if of is None:
        return call_formats.add(told=profile)
    return call_formats.change(profile=of, told=profile, now=timezone.now())


def _title(of: CallProfile | None) -> str:
    return f"Change “{of}”" if of else "A wholesaler's format"


def _first(request: HttpRequest, form: Any, of: CallProfile | None) -> HttpResponse:
    return page(
        request,
        "dataaccounts/calls/mapping.html",
        form=form,
        press="Look at it",
        of=of,
        page_title=_title(of),
    )


def _looked_at(request: HttpRequest, of: CallProfile | None) -> HttpResponse:
    form = forms.SampleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _first(request, form, of)
    skip = form.cleaned_data["skip_records"] or 0
    named = not form.cleaned_data["bare"]
    sample, encoding = forms.beginning(form.cleaned_data["sample"].read(forms.MOST))
    delimiter = forms.delimiter_of(sample, skip)
    between = forms.between(delimiter)
    try:
        columns = forms.headings(sample, between, skip, named=named)
    except DomainError as no:
        refuse(form, no)
        return _first(request, form, of)
    heading = forms.NAMED if named else forms.UNNAMED
    given = {"encoding": encoding, "delimiter": delimiter, "skip_records": skip, "heading": heading}
    given |= forms.proposed(sample, between, skip, columns) if named else {}
    given |= forms.told_before(of, columns) if of else {}
    return _second(request, forms.MappingForm(columns=columns, initial=given, of=of), sample, of)


def _second(
    request: HttpRequest, form: forms.MappingForm, sample: str, of: CallProfile | None, seen: Any = None
) -> HttpResponse:
    shown = {"mapping": True, "sample": sample, "seen": seen, "of": of, "page_title": _title(of)}
    return page(request, "dataaccounts/calls/mapping.html", form=form, press="Show what comes of it", **shown)


def _seen(profile: CallProfile, sample: str, form: forms.MappingForm) -> list[dict[str, Any]] | None:
    """What the first rows say, read as they would be."""
    found = []
    file = io.BytesIO(
        sample.encode("utf-8" if profile.encoding == "utf-8-sig" else profile.encoding, "replace")
    )
    try:
        for number, raw, said in records.rows(profile, file):
            found.append(
                {
                    "row": number,
                    "refused": REASONS.get(said.refused, said.refused),
                    "at": said.at,
                    "who": " / ".join(said.caller or ()),
                    "called": said.called if said.kind else "",
                    "seconds": said.seconds,
                    "cost": said.cost,
                    "way": WAYS.get(said.direction, ""),
                    "raw": raw[:200],
                }
            )
    except DomainError as no:
        refuse(form, no)
        return None
    return found
