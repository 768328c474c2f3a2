"""The bulk bar's dialogs: what shall be done, with how many, and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from herotill.access import may
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists import undoing
from herotill.lists.bulk import BulkAction, Done
from herotill.lists.lists import List
from herotill.lists.sheet import Sheet
from herotill.lists.views.dialogs import changed, dialog
from herotill.lists.views.page import address, part, sheet_of
from herotill.models import BulkChange


def bulk(request: HttpRequest, listing: List, name: str) -> HttpResponse:
    """GET: the dialog with the count of what would change. POST: do it."""
    action = listing.bulk.get(name)
    if action is None:
        raise Http404(f"List {listing.name} has no bulk action {name}.")
    if not may(request.user, action.permission):
        raise PermissionDenied
    sheet, _ = sheet_of(request, listing)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = chosen_rows(sheet, sent)
    form = action.form(sent if "_given" in sent else None)
    done = _carry_out(request, sheet, action, chosen, form) if request.method == "POST" else None
    if done and not action.undoable:
        link = {"href": done[0].url, "label": "Open"} if done[0].url else {}
        return changed(request, done[0].sentence, address(sheet, sheet.state), **link)
    if done:
        undo = listing.url_of("undo", done[1].pk)
        return changed(request, done[0].sentence, address(sheet, sheet.state), post=undo, label="Undo")
    return dialog(request, "lists/_bulk.html", _context(sheet, action, chosen, form, sent), _status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def chosen_rows(sheet: Sheet, sent: QueryDict) -> QuerySet[Any]:
    """The rows that were ticked, or all that match."""
    return sheet.chosen(sent.getlist("ids"), sent.get("matching") == "on")


def _carry_out(
    request: HttpRequest, sheet: Sheet, action: BulkAction, chosen: QuerySet[Any], form: forms.Form
) -> tuple[Done, BulkChange] | None:
    if not form.is_valid():
        return None
    try:
        return undoing.carry_out(
            listing=sheet.listing,
            action=action,
            chosen=chosen,
            data=form.cleaned_data,
            person=request.user,
            query=sheet.state.narrowing.query,
        )
    except DomainError as no:
        refuse(form, no)
        return None


def _context(
    sheet: Sheet, action: BulkAction, chosen: QuerySet[Any], form: forms.Form, sent: QueryDict
) -> dict[str, Any]:
    count = chosen.order_by().count()
    ready = form.is_bound and form.is_valid()
    affected = action.affected(chosen=chosen, data=form.cleaned_data) if ready else None
    press = sheet.listing.counted(count if affected is None else affected)
    return {
        "page_title": action.label,
        "listing": sheet.listing,
        "form": form,
        "action": part(sheet, "bulk", action.name),
        "warns": action.warns,
        "ids": [] if sent.get("matching") == "on" else sent.getlist("ids")[:250],
        "matching": sent.get("matching") == "on",
        "chosen": sheet.listing.counted(count),
        "affected": None if affected is None else sheet.listing.counted(affected),
        "unaffected": count - affected if affected is not None else 0,
        "nothing": affected == 0 or count == 0,
        "press": action.button(press, form.cleaned_data if ready else {}),
    }


def undo(request: HttpRequest, listing: List, pk: int) -> HttpResponse:
    """Take a bulk action back."""
    try:
        said = undoing.undo(listing=listing, pk=pk, person=request.user, now=timezone.now())
    except DomainError as no:
        return changed(request, str(no), listing.url, tone="bad")
    return changed(request, said, listing.url)
