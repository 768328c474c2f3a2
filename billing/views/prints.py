"""Handing out prints: the stored original, a copy of it, and the file of many."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.prints import ManyForm
from billing.models import Receipt, Snapshot
from billing.services import batching, printing, receipt_prints
from herotill.access import staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.models import Run

PDF = "application/pdf"


def _snapshot(pk: int, version: int) -> Snapshot:
    found = Snapshot.objects.select_related("document").filter(document=pk, version=version).first()
    if found is None:
        raise Http404("There is no print of this document.")
    return found


@require_safe
@staff_view("billing.view_document")
def original(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """The bytes that were stored when it was issued."""
    snapshot = _snapshot(pk, version)
    try:
        content = printing.original(snapshot)
    except DomainError as no:
        told = {"page_title": str(snapshot.document), "document": snapshot.document, "told": str(no)}
        return render(request, "billing/documents/no_print.html", told, status=503)
    return as_download(HttpResponse(content, content_type=PDF), batching.filename(snapshot))


@require_safe
@staff_view("billing.view_document")
def copy(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """A copy, made now from what was kept when it was issued."""
    snapshot = _snapshot(pk, version)
    response = HttpResponse(printing.copy(snapshot), content_type=PDF)
    return as_download(response, f"Copy-{batching.filename(snapshot)}")


@require_safe
@staff_view("billing.view_receipt")
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Proof of a payment, as it stands now."""
    found = get_object_or_404(Receipt.objects.select_related("customer", "reversal"), pk=pk)
    made = receipt_prints.pdf(receipt=found, day=timezone.localdate())
    return as_download(HttpResponse(made.content, content_type=PDF), made.filename)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("billing.export_documents")
def many(request: HttpRequest) -> HttpResponse:
    """Asks for many documents in one file; a run makes it."""
    form = ManyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = batching.begin(actor=request.user, **form.chosen())  # type: ignore[arg-type]
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            return redirect("run", run.pk)
    told = {"page_title": "Print many documents", "form": form}
    return render(request, "billing/documents/many.html", told, status=422 if form.errors else 200)


@require_safe
@staff_view("billing.export_documents")
def batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that a run left, for those who may have so many documents."""
    run = get_object_or_404(Run, pk=pk, kind=batching.KIND, state=Run.State.DONE)
    try:
        name = batching.kept(run)
    except DomainError as no:
        raise Http404(str(no)) from None
    kind = PDF if name.endswith(".pdf") else "application/zip"
    response = FileResponse(default_storage.open(name, "rb"), content_type=kind)
    return as_download(response, f"documents-{run.pk}.{name.rpartition('.')[2]}")
