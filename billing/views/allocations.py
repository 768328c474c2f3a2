"""Saying by hand what pays what, and undoing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms.documents import AllocateForm
from billing.models import Allocation, Entry, OpenItem
from billing.selectors import crediting
from billing.services import ledger
from billing.views.dialogs import answer
from billing.views.documents import find_document
from herotill import forms
from herotill.access import staff_view
from herotill.money import rand
from herotill.pages import posted


def _entry(pk: int) -> Entry:
    document = find_document(pk)
    entry = Entry.objects.filter(kind=document.kind, source_id=pk).first()
    if entry is None or document.is_draft:
        raise Http404("A draft posts nothing.")
    return entry


@staff_view("billing.allocate")
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a credit pay this document, or this credit pay another one."""
    entry = _entry(pk)
    items = crediting.counterparts(entry)
    own = OpenItem.objects.filter(entry=entry).first()

    def do(form: Any) -> tuple[str, str]:
        other = form.items[form.cleaned_data["other"]]
        debit, credit = (other.entry, entry) if entry.amount < 0 else (entry, other.entry)
        most = min(abs(other.open), abs(own.open)) if own else abs(other.open)
        made = ledger.allocate(
            debit=debit,
            credit=credit,
            amount=form.cleaned_data["amount"] or most,
            day=timezone.localdate(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{rand(made.amount)} allocated.", find_document(pk).get_absolute_url()

    form = AllocateForm(posted(request), items=items)
    said = f"{rand(abs(own.open)) if own else 'Nothing'} is open of {entry.reference}."
    if not items:
        said += " The customer has nothing open to allocate it with."
    return answer(
        request,
        form=form,
        title=f"Allocate {entry.reference}",
        press="Allocate",
        do=do,
        said=said,
        stays=True,
    )


@staff_view("billing.allocate")
def unallocate(request: HttpRequest, pk: int, allocation: int) -> HttpResponse:
    """Undo an allocation: the debt is open again and the credit free."""
    entry = _entry(pk)
    of_entry = Allocation.objects.filter(debit=entry) | Allocation.objects.filter(credit=entry)
    found = get_object_or_404(of_entry, pk=allocation)

    def do(form: Any) -> tuple[str, str]:
        ledger.unallocate(
            allocations=[found.pk],
            day=timezone.localdate(),
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{rand(found.amount)} is free again.", find_document(pk).get_absolute_url()

    said = f"{rand(found.amount)} is open again on both sides until it is allocated anew."
    return answer(
        request,
        form=forms.Form(posted(request)),
        title="Undo allocation",
        press="Undo",
        do=do,
        said=said,
        stays=True,
        danger=True,
    )
