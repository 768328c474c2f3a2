"""What answers an issued document: credit and debit notes, corrections, write-offs, recoveries; adjustments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from billing.forms.documents import AdjustmentForm, CorrectForm, PerLineForm, RecoverForm, WriteOffForm
from billing.models import Document, DocumentKind, Grounds
from billing.selectors import crediting
from billing.services import adjustments, corrections, credit_notes, debit_notes, documents, write_offs
from billing.services.corrections import Particulars
from billing.views.dialogs import answer
from billing.views.documents import find_document
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.money import rand
from herotill.pages import posted

ADJUST = "billing.issue_adjustments"
PER_LINE = "billing/documents/_per_line.html"
Made = tuple[Document, documents.Outcome]


def _told(made: Document, outcome: documents.Outcome) -> tuple[str, str]:
    if outcome.waiting:
        return (
            f"{made.get_kind_display()} of {rand(made.incl)} waits for a second person.",
            made.get_absolute_url(),
        )
    made.refresh_from_db()
    return f"{made} issued.", made.get_absolute_url()


def _issued(pk: int, *kinds: str) -> Document:
    document = find_document(pk)
    if document.is_draft or document.kind not in kinds:
        raise Http404("There is nothing of this kind to do with this document.")
    return document


def _line_by_line(
    request: HttpRequest, document: Document, make: Callable[..., Made], *, fill: bool, **words: Any
) -> HttpResponse:
    """The dialog that asks an amount for each line and makes a note of them; `fill` offers all that is left."""

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        return _told(
            *make(
                document=document,
                amounts=form.amounts(),
                reason=data["reason"],
                day=data["day"],
                actor=request.user,
                now=timezone.now(),
            )
        )

    lines = crediting.lines_left(document)
    form = PerLineForm(posted(request), lines=lines, fill=fill, today=timezone.localdate())
    return answer(request, form=form, do=do, template=PER_LINE, document=document, **words)


@staff_view("billing.issue_credit_notes")
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Credit an invoice or debit note, whole or in part, line by line."""
    document = _issued(pk, *crediting.CREDITABLE)
    return _line_by_line(
        request,
        document,
        credit_notes.make,
        fill=True,
        title=f"Credit {document}",
        press="Issue credit note",
        heading="Can be credited",
        typed="Credit",
        said="Fill in what is credited of each line, VAT included. The rate of each line counts.",
    )


@staff_view("billing.issue_debit_notes")
def debit(request: HttpRequest, pk: int) -> HttpResponse:
    """Charge more for the lines of an invoice."""
    document = _issued(pk, DocumentKind.INVOICE)
    return _line_by_line(
        request,
        document,
        debit_notes.make,
        fill=False,
        title=f"Charge more than {document}",
        press="Issue debit note",
        heading="Charged",
        typed="Charge more",
        said="Fill in how much too little was charged for each line, VAT included.",
    )


@staff_view("billing.correct_document")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a corrected version: other particulars, same number, date and amounts."""
    document = _issued(pk, *DocumentKind.values)
    last = document.snapshots.order_by("-version").first()

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        corrections.correct(
            document=document,
            particulars=Particulars(data["bill_to"], data["address"], data["vat_number"]),
            reason=data["reason"],
            requested_on=data["requested_on"],
            today=timezone.localdate(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{document} corrected; the version before is kept.", document.get_absolute_url()

    initial = {"requested_on": timezone.localdate()}
    if last:
        initial |= {name: getattr(last, name) for name in corrections.FIELDS}
    form = CorrectForm(posted(request), initial=initial)
    said = "Number, date and amounts stay. A wrong amount is put right by a credit or debit note."
    return answer(
        request,
        form=form,
        title=f"Correct {document}",
        press="Issue corrected version",
        do=do,
        said=said,
        stays=True,
    )


@staff_view("billing.issue_write_offs")
def write_off(request: HttpRequest, code: str) -> HttpResponse:
    """Write off what is open of some of a customer's documents; `document` in the address chooses them."""
    customer = get_object_or_404(Customer, code=code.upper())
    owed, opening = crediting.owed([customer.pk]), crediting.opening_left(customer.pk)
    if not owed and opening and request.method != "POST" and may(request.user, ADJUST):
        return redirect(reverse("billing:adjust", args=[customer.code]) + "?of=opening")

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        return _told(
            *write_offs.make(customer=customer, actor=request.user, now=timezone.now(), **data)  # type: ignore[arg-type]
        )

    initial = {"day": timezone.localdate(), "named": request.GET.getlist("document")}
    if request.GET.get("recovery") in Grounds.Recovery.values:
        initial["recovery"] = request.GET["recovery"]
    form = WriteOffForm(posted(request), owed=owed, initial=initial)
    said = "" if owed else "Nothing is open of this customer's documents."
    if opening:
        said += (
            f" The opening balance of {rand(opening)} is no document: an adjustment (Adjust) puts it right."
        )
    return answer(
        request,
        form=form,
        title=f"Write off debts of {customer.name}",
        press="Write off",
        do=do,
        said=said.strip(),
        wide=True,
    )


@staff_view("billing.issue_write_offs")
def recover(request: HttpRequest, pk: int) -> HttpResponse:
    """Count money that came later against a write-off."""
    document = _issued(pk, DocumentKind.WRITE_OFF)
    left = min(document.incl - crediting.recovered(document), crediting.spare_credit(document.customer_id))

    def do(form: Any) -> tuple[str, str]:
        made = write_offs.recover(
            write_off=document,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            **form.cleaned_data,
        )
        made.refresh_from_db()
        return f"{made} issued and paid.", made.get_absolute_url()

    form = RecoverForm(posted(request), initial={"amount": left or None, "day": timezone.localdate()})
    title = f"Bad debt recovered: {document}"
    return answer(request, form=form, title=title, press="Issue debit note", do=do)


@staff_view(ADJUST)
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """Adjust what a customer owes, without VAT."""
    customer = get_object_or_404(Customer, code=code.upper())

    def do(form: Any) -> tuple[str, str]:
        return _told(
            *adjustments.make(
                customer=customer,
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                **form.cleaned_data,
            )
        )

    initial: dict[str, Any] = {"day": timezone.localdate()}
    said = ""
    if request.GET.get("of") == "opening" and (opening := crediting.opening_left(customer.pk)):
        initial["amount"] = -opening
        said = f"{rand(opening)} of the opening balance is open. It has no document to write off: adjust it."
    form = AdjustmentForm(posted(request), initial=initial)
    title = f"Adjust the account of {customer.name}"
    return answer(request, form=form, title=title, press="Issue adjustment", do=do, said=said)
