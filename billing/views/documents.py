"""A document's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.models import Document, DocumentKind
from billing.selectors import books_standing, disputes
from billing.selectors import documents as reading
from billing.selectors.crediting import CREDITABLE
from customers.views.picker import is_about
from herotill.access import may, staff_view

ISSUING = {
    DocumentKind.INVOICE: "billing.issue_invoices",
    DocumentKind.CREDIT_NOTE: "billing.issue_credit_notes",
    DocumentKind.DEBIT_NOTE: "billing.issue_debit_notes",
    DocumentKind.ADJUSTMENT: "billing.issue_adjustments",
    DocumentKind.WRITE_OFF: "billing.issue_write_offs",
}


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done with a document, as a dialog or, with `post`, at once."""

    name: str
    label: str
    url: str
    icon: str
    primary: bool = False


def find_document(pk: int) -> Document:
    """The document, or 404."""
    found = reading.find(pk)
    if found is None:
        raise Http404("There is no such document.")
    return found


@require_safe
@staff_view("billing.view_document")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Head, lines, totals, what paid it, what was said about it, its versions and what can be done with it."""
    document = find_document(pk)
    is_about(request, document.customer)
    return render(request, "billing/documents/show.html", context_of(request, document))


def context_of(request: HttpRequest, document: Document) -> dict[str, Any]:
    """What the page shows this person."""
    shown = reading.shown(document)
    changes = document.is_draft and may(request.user, "billing.change_document") and not shown.waiting
    lines_change = changes and document.kind == DocumentKind.INVOICE
    return {
        "page_title": str(document),
        "document": document,
        "shown": shown,
        "disputes": disputes.of(document.pk) if may(request.user, "billing.view_dispute") else [],
        "grounds": getattr(document, "grounds", None),
        "in_books": _in_books(request, document),
        "buttons": buttons(request.user, shown),
        "may_change_lines": lines_change,
        "may_allocate": may(request.user, "billing.allocate"),
    }


def _in_books(request: HttpRequest, document: Document) -> books_standing.InBooks | None:
    """How it stands with the books kept elsewhere, for who sees that."""
    if document.is_draft or not may(request.user, "billing.view_booksowed"):
        return None
    return books_standing.of_document(document.pk)


Offer = tuple[str, str, str, bool]


def buttons(user: Any, shown: reading.Shown) -> list[Button]:
    """What this person can do with the document, the first of them first."""
    document = shown.document
    offers = _of_draft(user, shown) if document.is_draft else _of_issued(user, shown)
    allowed = [offer for offer in offers if offer[3]]
    return [
        Button(
            name, label, reverse(f"billing:{name}", args=[document.pk]), icon, document.is_draft and not place
        )
        for place, (name, label, icon, _) in enumerate(allowed)
    ]


def _of_draft(user: Any, shown: reading.Shown) -> list[Offer]:
    document, free = shown.document, shown.waiting is None
    return [
        ("issue", "Issue", "check", free and may(user, ISSUING[DocumentKind(document.kind)])),
        ("edit", "Change", "pencil", free and may(user, "billing.change_document")),
        ("delete", "Delete", "trash", free and may(user, "billing.delete_document")),
    ]


def _of_issued(user: Any, shown: reading.Shown) -> list[Offer]:
    document = shown.document
    invoice, write_off = document.kind == DocumentKind.INVOICE, document.kind == DocumentKind.WRITE_OFF
    owed = shown.entry is not None and not document.takes_away and shown.standing.open > 0
    disputed = owed and disputes.open_of(document.pk) is not None
    noted = document.kind in CREDITABLE and shown.standing.credited < document.incl
    return [
        ("credit", "Credit", "receipt-refund", noted and may(user, "billing.issue_credit_notes")),
        ("debit", "Charge more", "plus", invoice and may(user, "billing.issue_debit_notes")),
        (
            "dispute",
            "Dispute",
            "chat-bubble-left-right",
            owed and not disputed and may(user, "billing.add_dispute"),
        ),
        (
            "dispute-answer",
            "Answer dispute",
            "chat-bubble-left-right",
            disputed and may(user, "billing.change_dispute"),
        ),
        ("recover", "Recovered", "arrow-uturn-left", write_off and may(user, "billing.issue_write_offs")),
        (
            "correct",
            "Correct particulars",
            "identification",
            not document.before and may(user, "billing.correct_document"),
        ),
    ]
