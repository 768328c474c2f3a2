"""Month-end: all of them, and one with its eight steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import tabular
from billing.forms.month_end import DatesForm, SignForm
from billing.models import MonthEnd
from billing.policies.previewing import REASONS
from billing.selectors import month_end as reading
from billing.services import month_end as service
from billing.services import month_end_runs as steps
from billing.services import previewing
from billing.views.dialogs import answer
from billing.views.month_end_steps import cards
from herotill import forms, runs
from herotill.access import may, staff_view
from herotill.months import Month
from herotill.pages import posted


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a person can press at a month-end: what the dialog says, and what is done."""

    title: str
    says: str
    press: str
    permission: str = "billing.run_month_end"
    do: Callable[[MonthEnd, Any], Any] | None = None
    run: str = ""
    danger: bool = False


DEEDS = {
    "confirm": Deed(
        "Confirm the dates",
        "From here the dates stand. They can be opened again until entries are made.",
        "Confirm",
        do=lambda one, user: service.confirm(month_end=one, actor=user, now=timezone.now()),
    ),
    "open-dates": Deed(
        "Open the dates again",
        "The dates can be changed again. A preview that was made is void.",
        "Open the dates",
        do=lambda one, user: service.take_back_confirmation(month_end=one),
    ),
    "archive": Deed(
        "Archive the months before",
        "Documents dated before the billing month leave the default lists and take no new drafts.",
        "Archive",
        do=lambda one, user: service.archive(month_end=one, actor=user, now=timezone.now()),
    ),
    "unarchive": Deed(
        "Bring the archive back",
        "The months before take drafts again.",
        "Bring back",
        do=lambda one, user: service.take_back_archive(month_end=one),
    ),
    "preview": Deed(
        "Make the preview",
        "Every customer is looked at and compared with last month. Nothing is billed. A signature is void.",
        "Make the preview",
        run=steps.PREVIEW,
    ),
    "charge": Deed(
        "Generate recurring entries",
        "Everything that is due for the service month is charged; it waits for its invoice. What is charged"
        " already, or waived, is not charged again.",
        "Generate entries",
        run=steps.CHARGES,
    ),
    "undo-charges": Deed(
        "Take the entries back",
        "Entries that wait for an invoice are removed. The next run makes them anew.",
        "Remove the entries",
        run=steps.UNDO_CHARGES,
        danger=True,
    ),
    "draft": Deed(
        "Generate draft invoices",
        "Each customer whose entries wait gets one draft. A draft has no number and is no debt.",
        "Generate drafts",
        run=steps.DRAFTS,
    ),
    "undo-drafts": Deed(
        "Take the drafts back",
        "Drafts of this month-end are deleted, with whatever was changed on them. Their entries wait again.",
        "Delete the drafts",
        run=steps.UNDO_DRAFTS,
        danger=True,
    ),
    "issue": Deed(
        "Issue the invoices",
        "Every draft of this month-end gets its number, is owed, is locked for ever, and is mailed. There is no"
        " way back but credit notes.",
        "Issue all drafts",
        "billing.issue_invoices",
        run=steps.ISSUE,
    ),
    "reconcile": Deed(
        "Reconcile",
        "Entries, invoices, ledger and mails are counted and added up, and the result is kept.",
        "Reconcile",
        do=lambda one, user: service.reconcile(month_end=one, now=timezone.now()),
    ),
}


def _found(pk: int) -> MonthEnd:
    return get_object_or_404(
        MonthEnd.objects.select_related("billing_group", "signed_by", "confirmed_by"), pk=pk
    )


@require_safe
@staff_view("billing.view_monthend")
def listed(request: HttpRequest) -> HttpResponse:
    """All month-ends, the newest first."""
    found = MonthEnd.objects.select_related("billing_group", "signed_by")[:60]
    context = {
        "page_title": "Month-end",
        "month_ends": found,
        "may_run": may(request.user, "billing.run_month_end"),
    }
    return render(request, "billing/month_end/list.html", context)


@require_safe
@staff_view("billing.view_monthend")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One month-end: its eight steps, each with what it does, how far it is, and the way back."""
    one = _found(pk)
    latest = {
        kind: runs.shown(run, user=request.user, now=timezone.now())
        for kind, run in steps.latest(one.pk).items()
    }
    stands = reading.standing(one)
    context = {
        "page_title": f"Month-end {one}",
        "month_end": one,
        "cards": cards(one, stands, latest, request.user),
        "reasons": [(name, REASONS[name], count) for name, count in one.totals.get("reasons", {}).items()],
    }
    return render(request, "billing/month_end/show.html", context)


@staff_view("billing.run_month_end")
def new(request: HttpRequest) -> HttpResponse:
    """Step 1 of a new month-end."""
    today = timezone.localdate()
    initial = {"month": today, "document_date": today}

    def do(form: Any) -> tuple[str, str]:
        return "The dates are set.", _set(form, request.user)

    return answer(
        request,
        form=DatesForm(posted(request), initial=initial),
        title="New month-end",
        press="Set the dates",
        do=do,
    )


@staff_view("billing.run_month_end")
def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1 again, until it is confirmed."""

    def do(form: Any) -> tuple[str, str]:
        return "The dates are set.", _set(form, request.user)

    form = DatesForm.of(_found(pk), posted(request))
    return answer(request, form=form, title="Dates", press="Set the dates", do=do)


def _set(form: Any, user: Any) -> str:
    given = form.cleaned_data
    made = service.set_dates(
        month=Month.of(given["month"]),
        group=given["billing_group"],
        document_date=given["document_date"],
        cut_off_day=given["cut_off_day"],
        service_offset=given["service_offset"],
        actor=user,
    )
    return reverse("billing:month-end", args=[made.pk])


@staff_view("billing.view_monthend")
def deed(request: HttpRequest, pk: int, deed_name: str) -> HttpResponse:
    """One of the steps, or its way back; each asks its own right."""
    asked, one = DEEDS.get(deed_name), _found(pk)
    if asked is None:
        raise Http404("There is no such step.")
    if not may(request.user, asked.permission):
        raise PermissionDenied

    def do(form: Any) -> tuple[str, str]:
        if asked.run:
            if asked.run == steps.CHARGES:
                service.want_signed(one)
            run = steps.start(kind=asked.run, of=one, actor=request.user)  # type: ignore[arg-type]
            return f"{run.title} has begun.", reverse("billing:month-end", args=[one.pk])
        if asked.do:
            asked.do(one, request.user)
        return f"{asked.title}: done.", reverse("billing:month-end", args=[one.pk])

    return answer(
        request,
        form=forms.Form(posted(request)),
        title=f"{asked.title}: {one}",
        press=asked.press,
        do=do,
        said=asked.says,
        danger=asked.danger,
    )


@staff_view("billing.sign_preview")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's name under the preview."""
    one = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        reason = form.cleaned_data["reason"]
        service.sign(month_end=one, actor=request.user, reason=reason, now=timezone.now())  # type: ignore[arg-type]
        return "The preview is signed.", reverse("billing:month-end", args=[one.pk])

    holds = previewing.still_holds(one)
    return answer(
        request,
        form=SignForm(posted(request)),
        title=f"Sign the preview: {one}",
        press="Sign",
        do=do,
        said="With your signature the run may bill what the preview shows.",
        warning="" if holds else "Something changed since this preview was made. Make it anew first.",
    )


@require_safe
@staff_view("billing.view_monthend")
def nothing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who got no invoice, and why; as a page, CSV or workbook."""
    one = _found(pk)
    rows = list(reading.got_nothing(one))
    if "format" in request.GET:
        figures = tabular.Figures(
            "month-end-nothing", f"no-invoice-{one.month}", ("Code", "Customer", "Why"), rows
        )
        return tabular.taken(request, figures)
    context = {
        "page_title": f"No invoice: {one}",
        "month_end": one,
        "rows": rows[:500],
        "count": len(rows),
    }
    return render(request, "billing/month_end/nothing.html", context)
