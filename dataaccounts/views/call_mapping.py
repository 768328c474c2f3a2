"""A wholesaler's own CSV: its columns chosen once, with what becomes of its first rows shown beside."""

from __future__ import annotations

import io
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dataaccounts.forms import call_mapping as forms
from dataaccounts.models import CallProfile
from dataaccounts.policies.calls import records
from dataaccounts.selectors.calls import REASONS
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
    if request.method != "POST":
        return _first(request, forms.SampleForm())
    if "sample" in request.FILES:
        return _looked_at(request)
    sample = request.POST.get("sample", "")[: forms.MOST]
    try:
        skip = min(max(int(request.POST.get("skip_records") or 0), 0), 100)
        named = request.POST.get("heading") != forms.UNNAMED
        columns = forms.headings(sample, forms.between(request.POST.get("delimiter", ",")), skip, named=named)
    except (DomainError, ValueError):
        return _first(request, forms.SampleForm({}))
    form = forms.MappingForm(request.POST, columns=columns)
    if not form.is_valid():
        return _second(request, form, sample)
    profile = form.profile(vat.rates().tax(STANDARD, timezone.localdate()).rate)
    if "keep" not in request.POST:
        return _second(request, form, sample, _seen(profile, sample, form))
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        refuse(form, DomainError(f"There is already a format called “{profile.name}”.", field="name"))
        return _second(request, form, sample)
    return done(request, f"“{profile}” is kept.", "dataaccounts:call-files-new")


def _first(request: HttpRequest, form: Any) -> HttpResponse:
    title = "A wholesaler's format"
    return page(request, "dataaccounts/calls/mapping.html", form=form, press="Look at it", page_title=title)


def _looked_at(request: HttpRequest) -> HttpResponse:
    form = forms.SampleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _first(request, form)
    skip = form.cleaned_data["skip_records"] or 0
    named = not form.cleaned_data["bare"]
    sample, encoding = forms.beginning(form.cleaned_data["sample"].read(forms.MOST))
    delimiter = forms.delimiter_of(sample, skip)
    between = forms.between(delimiter)
    try:
        columns = forms.headings(sample, between, skip, named=named)
    except DomainError as no:
        refuse(form, no)
        return _first(request, form)
    heading = forms.NAMED if named else forms.UNNAMED
    given = {"encoding": encoding, "delimiter": delimiter, "skip_records": skip, "heading": heading}
    given |= forms.proposed(sample, between, skip, columns) if named else {}
    return _second(request, forms.MappingForm(columns=columns, initial=given), sample)


def _second(request: HttpRequest, form: forms.MappingForm, sample: str, seen: Any = None) -> HttpResponse:
    shown = {"mapping": True, "sample": sample, "seen": seen, "page_title": "A wholesaler's format"}
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
