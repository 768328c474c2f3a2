"""Invoices, credit notes and other documents: the list, each one, and its paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.portal import DisputeForm
from billing.models import Document
from billing.selectors import own_account
from billing.services import batching, disputes, printing
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import page, posted
from herotill.portal import seat
from herotill.typed import number

PDF = "application/pdf"


def _find(request: HttpRequest, pk: int) -> Document:
    """One of the customer's own issued documents; anybody else's is not there."""
    found = own_account.document(customer=theirs(request), pk=pk)
    if found is None:
        raise Http404
    return found


@require_safe
@portal_view("billing.view_document")
def listed(request: HttpRequest) -> HttpResponse:
    """What is due, and all documents, the newest first."""
    customer, day = theirs(request), timezone.localdate()
    rows, further = own_account.documents_of(customer=customer, after=number(request.GET.get("after")))
    return page(
        request,
        "portal/money/bills.html",
        tab="bills",
        page_title=_("Bills"),
        due=own_account.due(customer=customer, day=day),
        rows=rows,
        further=further,
    )


@require_safe
@portal_view("billing.view_document")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: what it is for, what was paid of it, and what can be done about it."""
    found = _find(request, pk)
    shown = own_account.shown(found)
    return page(
        request,
        "portal/money/bill.html",
        tab="bills",
        page_title=found.name,
        shown=shown,
        document=found,
    )


@require_safe
@portal_view("billing.view_document")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as it was issued."""
    found = _find(request, pk)
    snapshot = printing.newest([found.pk]).get(found.pk)
    if snapshot is None:
        raise Http404
    try:
        # Who looks as the customer changes nothing, so nothing is printed for them.
        content = printing.original(snapshot) if snapshot.sha256 or not seat(request).looking else None
    except DomainError:
        content = None
    if content is None:
        return page(
            request,
            "portal/money/no_paper.html",
            status=503,
            tab="bills",
            page_title=found.name,
            document=found,
        )
    return as_download(HttpResponse(content, content_type=PDF), batching.filename(snapshot))


@require_http_methods(["GET", "HEAD", "POST"])
@portal_view("billing.view_document")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer says what is wrong with a document; until we answer, it is not late."""
    found = _find(request, pk)
    shown = own_account.shown(found)
    if not shown.can_be_disputed:
        return redirect("portal-bill", found.pk)
    form = DisputeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            disputes.add(
                document=found,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                actor=request.user,  # type: ignore[arg-type]
            )
        except DomainError as no:
            refuse(form, no)
        else:
            return redirect("portal-bill", found.pk)
    return page(
        request,
        "portal/money/dispute.html",
        tab="bills",
        page_title=_("Something is wrong with %(name)s") % {"name": found.name},
        form=form,
        shown=shown,
        document=found,
    )
