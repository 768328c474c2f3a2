"""Why? An amount answers with its chain of facts, in a dialog."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from billing.models import Document, Line
from billing.selectors import why
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.lists.views.dialogs import dialog


def _answer(
    request: HttpRequest, customer: Customer, answer: why.Answer, document: Document | None
) -> HttpResponse:
    def allowed(right: str) -> bool:
        return may(request.user, right)

    context = {
        "answer": answer,
        "further": why.further(customer=customer, document=document, may=allowed),
        "customer": customer,
        "page_title": answer.question,
    }
    return dialog(request, "billing/why/answer.html", context)


@require_safe
@staff_view("customers.see_customer_balance")
def balance(request: HttpRequest, code: str) -> HttpResponse:
    """Why a customer owes what they owe."""
    customer = get_object_or_404(Customer, code=code)
    return _answer(request, customer, why.of_balance(customer), None)


@require_safe
@staff_view("billing.view_document")
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a document is what it is."""
    people = ("customer", "created_by", "issued_by", "against")
    found = get_object_or_404(Document.objects.select_related(*people), pk=pk)
    return _answer(request, found.customer, why.of_document(found), found)


@require_safe
@staff_view("billing.view_document")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a line is what it is, on a document or waiting for one."""
    found = get_object_or_404(Line.objects.select_related("customer", "document", "product"), pk=pk)
    return _answer(request, found.customer, why.of_line(found), found.document)
