"""Saving a view of a list, changing and deleting it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from herotill import forms
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists import remembering, saved
from herotill.lists.lists import List
from herotill.lists.sheet import Sheet
from herotill.lists.views.dialogs import dialog, gone_to
from herotill.lists.views.page import part, query_of, sheet_of
from herotill.models import SavedView


class ViewForm(forms.Form):
    """Name and reach of a view."""

    name = django_forms.CharField(max_length=60)
    shared = django_forms.BooleanField(required=False, label="For everybody who may see this list")
    opens = django_forms.BooleanField(required=False, label="Open the list with this view")


def create(request: HttpRequest, listing: List) -> HttpResponse:
    """Save what the list shows now under a name."""
    sheet, _ = sheet_of(request, listing)
    view = SavedView(list_name=listing.name, owner=sheet.user)
    saved.show(view=view, query=_query(sheet), columns=[column.name for column in sheet.columns])
    return _edit(request, sheet, view, part(sheet, "view-new"), "Save view")


def change(request: HttpRequest, listing: List, pk: int) -> HttpResponse:
    """Rename, share or delete one's own view, or have it show what the list shows now."""
    sheet, _ = sheet_of(request, listing)
    view = get_object_or_404(SavedView, pk=pk, list_name=listing.name)
    if view.owner_id != request.user.pk and not view.shared:
        raise Http404
    if "delete" in request.POST and view.owner_id == request.user.pk:
        view.delete()
        return gone_to(request, f"{listing.url}?all=1")
    if "now" in request.POST:
        saved.show(view=view, query=_query(sheet), columns=[column.name for column in sheet.columns])
    return _edit(request, sheet, view, part(sheet, "view", pk), "Change view")


def _query(sheet: Sheet) -> str:
    return sheet.state.narrowing.to(view=None).query


def _edit(request: HttpRequest, sheet: Sheet, view: SavedView, action: str, title: str) -> HttpResponse:
    theirs = view.owner_id == request.user.pk
    form = _form(request, sheet, view)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, sheet, view, form.cleaned_data, theirs)
        except DomainError as no:
            refuse(form, no)
        else:
            return gone_to(request, f"{sheet.listing.url}?{query_of(view)}")
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "theirs": theirs,
        "action": action,
        "page_title": title,
    }
    return dialog(request, "lists/_view.html", context, 422 if form.errors else 200)


def _form(request: HttpRequest, sheet: Sheet, view: SavedView) -> ViewForm:
    opens = sheet.remembered.view is not None and sheet.remembered.view == view.pk
    initial = {"name": view.name, "shared": view.shared, "opens": opens}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if view.owner_id != request.user.pk:
        del form.fields["name"], form.fields["shared"]
    return form


def _keep(request: HttpRequest, sheet: Sheet, view: SavedView, data: dict[str, Any], theirs: bool) -> None:
    if theirs:
        saved.save(view=view, name=data["name"], shared=data["shared"])
    opens = sheet.remembered.view
    opens = view.pk if data["opens"] else None if opens == view.pk else opens
    kept = sheet.remembered.opening_with(opens).with_columns(view.pk, [])
    remembering.save(user=request.user, list_name=sheet.listing.name, remembered=kept)
