"""The calls that a document bills, as a page, on paper and as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import Document
from billing.pdf import itemised as paper
from billing.selectors import itemised
from billing.services.statements import letterhead_on
from billing.views.documents import find_document
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.tabular import Figures, record, taken

LARGE = "dataaccounts.export_calls"


@require_safe
@staff_view("dataaccounts.view_call")
def calls(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The calls of a document; whole numbers for who may see them and asks."""
    document = find_document(pk)
    sees = may(request.user, "dataaccounts.see_call_numbers")
    found = itemised.sections(document, whole=sees and "whole" in request.GET)
    if "format" in request.GET:
        return as_file(request, document, found)
    context = {
        "document": document,
        "sections": found,
        "sees": sees,
        "whole": "whole" in request.GET,
        "page_title": f"Calls of {document}",
    }
    return render(request, "billing/documents/calls.html", context)


def as_file(request: HttpRequest, document: Document, found: list[itemised.Section]) -> HttpResponseBase:
    """As `format` says: pdf, csv or xlsx. 404 where a document bills no calls. Whoever takes it is on record."""
    if not found:
        raise Http404("It bills no calls.")
    name = f"calls-{document.name or document.pk}"
    figures = Figures("itemised-calls", name, itemised.HEADINGS, list(itemised.rows(found)))
    if request.GET["format"] != "pdf":
        return taken(request, figures, large=LARGE)
    record(figures, "pdf", person=request.user, asked=request.GET.urlencode(), large=LARGE)
    content = paper.render(
        letterhead_on(document.document_date), str(document), document.document_date, found
    )
    return as_download(HttpResponse(content, content_type="application/pdf"), f"{name}.pdf")
