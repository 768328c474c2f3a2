"""Drafts: begun, changed, issued and deleted by hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from billing.forms.documents import HeadForm, LineForm, NewInvoiceForm, RemoveLineForm, SeenForm
from billing.models import Document, Line
from billing.selectors import documents as reading
from billing.services import documents, drafts
from billing.views import notes
from billing.views.dialogs import answer
from billing.views.documents import ISSUING, find_document
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.money import rand
from herotill.pages import posted


def _seen(document: Document) -> str:
    return reading.fingerprint(document, reading.lines_of(document))


def _draft(pk: int) -> Document:
    """A draft, or 404: an issued document is answered, not changed."""
    document = find_document(pk)
    if not document.is_draft:
        raise Http404("This is issued.")
    return document


@staff_view("billing.add_document")
def new_invoice(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft invoice for a customer."""
    customer = get_object_or_404(Customer, code=code.upper())

    def do(form: Any) -> tuple[str, str]:
        made = drafts.new_invoice(customer=customer, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        return "Draft begun. Add its lines.", made.get_absolute_url()

    form = NewInvoiceForm(posted(request), initial={"day": timezone.localdate()})
    return answer(request, form=form, title=f"New invoice for {customer.name}", press="Begin draft", do=do)


@staff_view("billing.view_document")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft's dates and reference. An issued document is answered by a credit note instead."""
    document = find_document(pk)
    if not document.is_draft:
        return notes.credit(request, pk)
    _must(request, "billing.change_document")

    def do(form: Any) -> tuple[str, str]:
        changes = {name: form.cleaned_data[name] for name in ("document_date", "due_date", "reference")}
        drafts.change_head(
            document=document,
            changes=changes,
            seen=form.cleaned_data["seen"],
            actor=request.user,  # type: ignore[arg-type]
        )
        return "Draft saved.", document.get_absolute_url()

    initial = {
        "document_date": document.document_date,
        "due_date": document.due_date,
        "reference": document.reference,
        "seen": _seen(document),
    }
    form = HeadForm(posted(request), initial=initial)
    return answer(request, form=form, title="Change draft", press="Save draft", do=do, stays=True)


@staff_view("billing.view_document")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft. An issued document is answered by a credit note instead."""
    document = find_document(pk)
    if not document.is_draft:
        return notes.credit(request, pk)
    _must(request, "billing.delete_document")

    def do(form: Any) -> tuple[str, str]:
        drafts.delete(documents_of=[pk], seen=form.cleaned_data["seen"], actor=request.user)  # type: ignore[arg-type]
        return "Draft deleted; what it billed waits for the next one.", reverse("billing:documents")

    form = SeenForm(posted(request), initial={"seen": _seen(document)})
    said = f"The draft of {rand(document.incl)} is deleted. What it bills waits for the next draft."
    return answer(
        request, form=form, title="Delete draft", press="Delete draft", do=do, said=said, danger=True
    )


@staff_view("billing.view_document")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a draft: it gets its number, posts and is locked."""
    document = _draft(pk)
    _must(request, ISSUING[document.kind])  # type: ignore[index]

    def do(form: Any) -> tuple[str, str]:
        if form.cleaned_data["seen"] not in ("", _seen(find_document(pk))):
            drafts.refuse_changed()
        outcome = documents.issue(documents=[pk], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        said = "It waits for a second person." if outcome.waiting else f"{find_document(pk)} issued."
        return said, document.get_absolute_url()

    form = SeenForm(posted(request), initial={"seen": _seen(document)})
    said = (
        f"{document.get_kind_display()} of {rand(document.incl)} to {document.customer.name}. It gets its number,"
        " posts to the ledger and can never be changed again."
    )
    title = f"Issue {document.get_kind_display().lower()}"
    return answer(request, form=form, title=title, press="Issue", do=do, said=said, stays=True)


@staff_view("billing.change_document")
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a product or anything else to a draft."""
    document = _draft(pk)

    def do(form: Any) -> tuple[str, str]:
        seen = form.cleaned_data["seen"]
        drafts.add_line(document=document, values=form.values(), seen=seen, actor=request.user)  # type: ignore[arg-type]
        return "Line added.", document.get_absolute_url()

    form = LineForm(posted(request), document=document, initial={"seen": _seen(document)})
    return answer(request, form=form, title="Add line", press="Add line", do=do, stays=True, wide=True)


@staff_view("billing.change_document")
def change_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Change a line of a draft."""
    document = _draft(pk)
    found = get_object_or_404(Line, pk=line, document=document)

    def do(form: Any) -> tuple[str, str]:
        seen = form.cleaned_data["seen"]
        drafts.change_line(
            document=document,
            line=found,
            values=form.values(),
            seen=seen,
            actor=request.user,  # type: ignore[arg-type]
        )
        return "Line saved.", document.get_absolute_url()

    initial = LineForm.initial_of(found) | {"seen": _seen(document)}
    form = LineForm(posted(request), document=document, initial=initial)
    return answer(request, form=form, title="Change line", press="Save line", do=do, stays=True, wide=True)


@staff_view("billing.change_document")
def remove_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take a line off a draft; what it bills waits or is waived."""
    document = _draft(pk)
    found = get_object_or_404(Line, pk=line, document=document)

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        drafts.remove_line(
            document=document,
            line=found,
            seen=data["seen"],
            then=data.get("then", drafts.WAIT),
            reason=data.get("reason", ""),
            actor=request.user,  # type: ignore[arg-type]
        )
        return "Line removed.", document.get_absolute_url()

    form = RemoveLineForm(posted(request), line=found, initial={"seen": _seen(document)})
    said = f"“{found.text}”, {rand(found.incl)}."
    return answer(
        request,
        form=form,
        title="Remove line",
        press="Remove line",
        do=do,
        stays=True,
        said=said,
        danger=True,
    )


def _must(request: HttpRequest, permission: str) -> None:
    if not may(request.user, permission):
        raise PermissionDenied
