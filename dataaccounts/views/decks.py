"""A rate deck or price list: its versions, and another one out of a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dataaccounts.models import Deck, DeckRow, DeckVersion
from dataaccounts.services import deck_files, decks
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import DayField, Form, refuse
from herotill.pages import done, page, posted

LARGEST, SHOWN = 20_000_000, 100


class VersionForm(Form):
    """A version as a file. Where the file says days itself, each makes a version and the field stays empty."""

    valid_from = DayField(
        required=False, label="In force from", help_text="Empty: as the column valid_from says."
    )
    file = forms.FileField(help_text="CSV in UTF-8 with a heading, up to 20 MB.")

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > LARGEST:
            raise forms.ValidationError("It is larger than 20 MB.")
        return self.cleaned_data["file"]


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view("dataaccounts.view_deck")
def deck(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of a deck and the rates of the newest; who may change it adds one."""
    found = get_object_or_404(Deck, pk=pk)
    request.menu_entry = "setup.decks"  # type: ignore[attr-defined]
    may_change = may(request.user, "dataaccounts.change_deck")
    form = VersionForm(posted(request) if may_change else None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            made = deck_files.add_versions(
                deck=found,
                records=decks.rows_of(form.cleaned_data["file"].read()),
                valid_from=form.cleaned_data["valid_from"],
            )
        except DomainError as no:
            refuse(form, no)
        else:
            days = ", ".join(f"from {one.valid_from}" for one in made)
            return done(request, f"{found}: rates {days}.", "dataaccounts:deck", found.pk)
    versions = list(found.versions.order_by("-valid_from"))
    shown = {
        "deck": found,
        "versions": versions,
        "rates": _rates(versions, timezone.localdate(), request.GET.get("q", "")),
        "columns": decks.COLUMNS,
        "may_change": may_change,
        "asked": request.GET.get("q", ""),
        "shown": SHOWN,
        "page_title": str(found),
    }
    return page(request, "dataaccounts/calls/deck.html", form=form, **shown)


@require_POST
@staff_view("dataaccounts.change_deck")
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a version of a deck that is wrong."""
    version = get_object_or_404(DeckVersion.objects.select_related("deck"), pk=pk)
    decks.take_out(version=version)
    said = f"The rates from {version.valid_from} are gone; calls that are rated already stay as they are."
    return done(request, said, "dataaccounts:deck", version.deck_id)


def _rates(versions: list[Any], today: date, asked: str) -> list[DeckRow]:
    """The rates in force today, or the first to come; those whose prefix begins as was asked."""
    current = next((one for one in versions if one.valid_from <= today), versions[-1] if versions else None)
    rows = DeckRow.objects.filter(version=current)
    figures = "".join(letter for letter in asked if letter.isdigit())
    return list(rows.filter(prefix__startswith=figures)[:SHOWN])
