"""The calls of a bill, one by one, as their customer reads them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from billing.pdf import itemised as paper
from billing.selectors import itemised, own_account
from billing.services.statements import letterhead_on
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.downloads import as_download
from herotill.portal import sees


@require_safe
@portal_view("billing.view_document")
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF; the last figures of numbers are left out unless `whole` is asked for by who may see them."""
    found = own_account.document(customer=theirs(request), pk=pk)
    whole = "whole" in request.GET and sees(request, "dataaccounts.see_call_numbers")
    sections = itemised.sections(found, whole=whole) if found else []
    if found is None or not sections:
        raise Http404
    content = paper.render(letterhead_on(found.document_date), found.name, found.document_date, sections)
    return as_download(HttpResponse(content, content_type="application/pdf"), f"calls-{found.name}.pdf")
