"""Taking a list away as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.lists import export, files
from herotill.lists.lists import List
from herotill.lists.views.bulk import chosen_rows
from herotill.lists.views.page import address, sheet_of
from herotill.models import Export
from herotill.typed import number


def take(request: HttpRequest, listing: List) -> HttpResponseBase:
    """The rows as the list shows them: those ticked, or all that match. A large export becomes a run."""
    sheet, _ = sheet_of(request, listing)
    file_format = request.POST.get("format", "")
    if file_format not in files.TYPES:
        raise Http404("There is no such format.")
    ids = [pk for one in request.POST.getlist("ids") if (pk := number(one)) is not None]
    ticked = bool(ids) and request.POST.get("matching") != "on"
    rows = chosen_rows(sheet, request.POST) if ticked else sheet.matching
    try:
        made = export.record(
            sheet, rows=rows.order_by().count(), file_format=file_format, ids=ids if ticked else None
        )
    except DomainError as no:
        messages.error(request, str(no))
        return redirect(address(sheet, sheet.state))
    if made.rows > files.LARGE:
        return redirect("run", files.begin(made).pk)
    return files.send(sheet, rows, made)


@staff_view()
def kept_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a large export, for the person who asked for it and nobody else."""
    made = get_object_or_404(Export, pk=pk, person_id=request.user.pk)
    try:
        return files.kept(made)
    except DomainError as no:
        raise Http404(str(no)) from None
