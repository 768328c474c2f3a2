"""Disputes of a document: noted and answered in dialogs on its page and on the call screen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from billing.forms.desk import AnswerForm, DisputeForm
from billing.selectors import disputes as reading
from billing.services import disputes
from billing.views.dialogs import answer
from billing.views.documents import find_document
from herotill.access import staff_view
from herotill.pages import posted


@staff_view("billing.add_dispute")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the customer disputes about a document."""
    document = find_document(pk)

    def do(form: Any) -> tuple[str, str]:
        disputes.add(
            document=document,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{document} is disputed; it is not overdue until answered.", document.get_absolute_url()

    title = f"{document} is disputed"
    return answer(
        request, form=DisputeForm(posted(request)), title=title, press="Note dispute", do=do, stays=True
    )


@staff_view("billing.change_dispute")
def answer_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the open dispute of a document."""
    document = find_document(pk)
    found = reading.open_of(document.pk)
    if found is None:
        raise Http404("This document is not disputed.")

    def do(form: Any) -> tuple[str, str]:
        disputes.answer(
            dispute=found,
            text=form.cleaned_data["answer"],
            tell=form.cleaned_data["tell"],
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"The dispute of {document} is answered.", document.get_absolute_url()

    return answer(
        request,
        form=AnswerForm(posted(request)),
        title=f"Answer the dispute of {document}",
        press="Answer dispute",
        do=do,
        stays=True,
        said=f"“{found.reason}”, noted {timezone.localdate(found.opened_at)} by {found.opened_by or 'a job'}.",
    )
