"""The dialogs of a table in Setup."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from herotill.access import may
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog
from herotill.tables import keeping
from herotill.tables.tables import Table


def new(request: HttpRequest, table: Table) -> HttpResponse:
    """Add a row."""
    return _edit(request, table, table.model(), f"New {table.listing.noun}", table.url_of("new"))


def edit(request: HttpRequest, table: Table, pk: int) -> HttpResponse:
    """Change a row, retire it or offer it again."""
    row = get_object_or_404(table.model, pk=pk)
    if "retire" in request.POST or "restore" in request.POST:
        return _retire(request, table, row, retired="retire" in request.POST)
    return _edit(request, table, row, f"Change {table.listing.noun}", table.url_of("edit", pk))


def _edit(request: HttpRequest, table: Table, row: Any, title: str, action: str) -> HttpResponse:
    form: Any = table.form(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.save(table=table, row=form.instance, actor=request.user)
        except DomainError as no:
            refuse(form, no)
        else:
            return changed(request, f"“{form.instance}” saved.", table.listing.url)
    return _form(request, table, row, form, title, action)


def _form(
    request: HttpRequest, table: Table, row: Any, form: Any, title: str, action: str, no: str = ""
) -> HttpResponse:
    removable = row.pk is not None and may(request.user, table.right("delete"))
    context = {
        "page_title": title,
        "form": form,
        "row": row,
        "noun": table.listing.noun,
        "action": action,
        "no": no,
        "delete_url": table.url_of("delete", row.pk) if removable else "",
    }
    return dialog(request, "tables/_edit.html", context, 422 if no or form.errors else 200)


def _retire(request: HttpRequest, table: Table, row: Any, *, retired: bool) -> HttpResponse:
    try:
        keeping.retire(table=table, row=row, retired=retired)
    except DomainError as no:
        title, action = f"Change {table.listing.noun}", table.url_of("edit", row.pk)
        return _form(request, table, row, table.form(instance=row), title, action, str(no))
    said = "is no longer offered; whoever has it keeps it." if retired else "is offered again."
    return changed(request, f"“{row}” {said}", table.listing.url)


def delete(request: HttpRequest, table: Table, pk: int) -> HttpResponse:
    """Delete a row that nothing uses, after having said so."""
    row = get_object_or_404(table.model, pk=pk)
    why = keeping.reason_to_keep(table=table, row=row)
    if request.method == "POST" and not why:
        try:
            keeping.delete(table=table, row=row)
        except DomainError as no:
            why = str(no)
        else:
            return changed(request, f"“{row}” deleted.", table.listing.url)
    context = {
        "page_title": f"Delete {table.listing.noun}",
        "row": row,
        "noun": table.listing.noun,
        "why": why,
        "action": table.url_of("delete", pk),
    }
    return dialog(request, "tables/_delete.html", context, 422 if request.method == "POST" else 200)
