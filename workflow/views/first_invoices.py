"""The first invoice of a lead: looked at, issued, made anew, or gone without."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from billing.selectors import documents as billing
from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.forms import Form
from herotill.pages import posted
from workflow.forms.jobs import WhyForm
from workflow.models import Lead
from workflow.services import first_invoices

SEE, ISSUE, MAKE = "billing.view_document", "billing.issue_invoices", "billing.add_document"


def _lead(pk: int) -> Lead:
    return get_object_or_404(Lead.objects.select_related("customer", "draft", "draft__customer"), pk=pk)


def _back(lead: Lead) -> str:
    return reverse("workflow:lead", args=[lead.pk])


def _must(request: HttpRequest, right: str) -> None:
    if request.method == "POST" and not may(request.user, right):
        raise PermissionDenied


@staff_view("workflow.view_lead")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is on the draft; one press issues it, which wins the lead. Without a draft, it is made."""
    if not may(request.user, SEE):
        raise PermissionDenied
    lead = _lead(pk)
    return _issue(request, lead) if lead.draft else _make(request, lead)


def _issue(request: HttpRequest, lead: Lead) -> HttpResponse:
    _must(request, ISSUE)
    assert lead.draft
    form: Any = Form(posted(request))

    def do(_form: Any) -> tuple[str, str]:
        issued = first_invoices.issue(leads=[lead.pk], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        said = (
            f"{lead.name} is won: the first invoice is issued." if issued else "It waits for a second person."
        )
        return said, _back(lead)

    return answer(
        request,
        form=form,
        title=f"First invoice: {lead.name}",
        press="Issue invoice",
        do=do,
        stays=True,
        template="workflow/jobs/first_invoice.html",
        draft=lead.draft,
        lines=billing.lines_of(lead.draft),
        issues=may(request.user, ISSUE),
        wide=True,
    )


def _make(request: HttpRequest, lead: Lead) -> HttpResponse:
    _must(request, MAKE)

    def do(_form: Any) -> tuple[str, str]:
        first_invoices.make(lead=lead, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "The draft is made; look at it and issue it.", _back(lead)

    return answer(
        request,
        form=Form(posted(request)),
        title=f"First invoice: {lead.name}",
        press="Make the draft",
        do=do,
        stays=True,
        said="There is no draft: it could not be made by itself, or somebody deleted it. It is made from what began"
        " with the job, up to the end of that month.",
    )


@staff_view(ISSUE)
def go_without(request: HttpRequest, pk: int) -> HttpResponse:
    """Win the lead without a first invoice, for a reason."""
    lead = _lead(pk)
    form = WhyForm(posted(request))

    def do(_form: Any) -> tuple[str, str]:
        first_invoices.go_without(
            lead=lead,
            why=form.cleaned_data["why"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"{lead.name} is won without a first invoice.", _back(lead)

    return answer(
        request,
        form=form,
        title=f"Nothing to invoice: {lead.name}",
        press="Win without invoice",
        do=do,
        stays=True,
        said="Where the customer pays before use, or somebody else is billed for them.",
    )
