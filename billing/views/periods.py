"""Accounting periods: which months are closed, closing them, opening the last one again, the audit pack."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.forms.periods import ReopenForm
from billing.selectors import periods as reading
from billing.selectors.vat201 import VatRow, output_vat, vat201
from billing.services import audit_packs, periods
from billing.views.dialogs import answer
from herotill import forms
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.models import Run
from herotill.months import Month
from herotill.pages import posted


def _month(text: str) -> Month:
    try:
        year, _, number = text.partition("-")
        month = Month(int(year), int(number))
        month.first  # noqa: B018
    except ValueError:
        raise Http404("There is no such month.") from None
    return month


@require_safe
@staff_view("billing.view_accountingperiod")
def listed(request: HttpRequest) -> HttpResponse:
    """All months, the newest first."""
    months = reading.all_months(timezone.localdate())
    closed = [one.month for one in months if one.closed]
    context = {
        "page_title": "Accounting periods",
        "months": months,
        "last_closed": max(closed, default=None),
    }
    return render(request, "billing/periods/list.html", context | _rights(request))


def _rights(request: HttpRequest) -> dict[str, Any]:
    """What the buttons of a month ask."""
    return {
        "today": timezone.localdate(),
        "may_close": may(request.user, "billing.close_period"),
        "may_reopen": may(request.user, "billing.reopen_period"),
        "may_take": may(request.user, "billing.take_audit_pack"),
    }


@require_safe
@staff_view("billing.view_accountingperiod")
def show(request: HttpRequest, month: str) -> HttpResponse:
    """One month: its control account and its VAT, as they were closed or as they stand."""
    wanted = _month(month)
    period = reading.period_of(wanted)
    closed = period is not None and period.closed_at is not None
    rows = (
        [VatRow.of_json(row) for row in period.vat201["rows"]]
        if closed and period
        else vat201(wanted.first, wanted.last)
    )
    context = {
        "page_title": f"Books of {wanted.label}",
        "month": wanted,
        "waiting": reading.reopening(period) if closed and period else None,
        "last_closed": reading.last_closed(),
        "period": period,
        "closed": closed,
        "movement": reading.Movement.of_json(period.totals)
        if closed and period
        else reading.movement(wanted),
        "rows": rows,
        "output_vat": output_vat(rows),
    }
    return render(request, "billing/periods/show.html", context | _rights(request))


@staff_view("billing.close_period")
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month and the open ones before it."""
    wanted = _month(month)
    months = reading.to_close(wanted)
    drafts = reading.drafts_in(months)

    def do(form: Any) -> tuple[str, str]:
        run = periods.begin(month=wanted, today=timezone.localdate(), actor=request.user)  # type: ignore[arg-type]
        return f"{wanted.label} is being closed.", reverse("run", args=[run.pk])

    said = f"Nothing more can be dated in {wanted.label}, nor before. First the ledger is derived anew."
    if len(months) > 1:
        said += f" {len(months) - 1} open months before it are closed too, from {months[0].label}."
    warning = f"{drafts:,} drafts are dated in it or before; they get a later date when they are issued."
    return answer(
        request,
        form=forms.Form(posted(request)),
        title=f"Close {wanted.label}",
        press=f"Close {wanted.label}",
        do=do,
        said=said,
        warning=warning if drafts else "",
    )


@staff_view("billing.reopen_period")
def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """Ask a second person to open the last closed month again."""
    period = reading.period_of(_month(month))
    if period is None:
        raise Http404("This month was never closed.")

    def do(form: Any) -> tuple[str, str]:
        reason = form.cleaned_data["reason"]
        periods.ask_to_reopen(period=period, reason=reason, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "A second person decides.", reverse("billing:periods")

    said = "It opens once a second person has agreed. What was stored at its closing stays on record."
    title = f"Open {period} again"
    return answer(
        request, form=ReopenForm(posted(request)), title=title, press="Ask", do=do, said=said, stays=True
    )


@staff_view("billing.take_audit_pack")
def audit_pack(request: HttpRequest, month: str) -> HttpResponse:
    """Have the audit pack of a month gathered."""
    wanted = _month(month)

    def do(form: Any) -> tuple[str, str]:
        run = audit_packs.begin(month=wanted, actor=request.user)  # type: ignore[arg-type]
        return "The pack is being gathered.", reverse("run", args=[run.pk])

    said = (
        "Ledger, control account, numbers, VAT by document, write-offs, refunds, changes of rights and of our bank"
        " details, as CSV files in a ZIP."
    )
    title = f"Audit pack of {wanted.label}"
    return answer(request, form=forms.Form(posted(request)), title=title, press="Gather", do=do, said=said)


@require_safe
@staff_view("billing.take_audit_pack")
def pack_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The pack, for whoever asked for it."""
    run = get_object_or_404(
        Run, pk=pk, kind=audit_packs.KIND, state=Run.State.DONE, started_by=request.user.pk
    )
    try:
        file = audit_packs.kept(run)
    except DomainError as no:
        raise Http404(str(no)) from None
    response = FileResponse(file, content_type="application/zip")
    return as_download(response, f"audit-pack-{run.params['month'][:7]}.zip")
