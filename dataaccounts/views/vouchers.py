"""Making, printing and withdrawing vouchers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dataaccounts.forms.allowances import BatchForm
from dataaccounts.models import VoucherBatch
from dataaccounts.services import voucher_sheets, vouchers
from herotill.access import staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog

NEW, BATCH = "lists/_form_dialog.html", "dataaccounts/vouchers/_batch.html"


@staff_view("dataaccounts.add_voucherbatch")
def new(request: HttpRequest) -> HttpResponse:
    """The dialog that makes a batch."""
    form = BatchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            batch = vouchers.make(**form.cleaned_data, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        except DomainError as no:
            refuse(form, no)
        else:
            said = f"{batch.count:,} voucher{'' if batch.count == 1 else 's'} made."
            return changed(request, said, reverse("dataaccounts:vouchers"))
    context = {"form": form, "action": request.path, "page_title": "New vouchers", "press": "Make vouchers"}
    return dialog(request, NEW, context, 422 if request.method == "POST" else 200)


@require_safe
@staff_view("dataaccounts.view_voucherbatch")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch: how many are redeemed, its sheet, and the way to withdraw it."""
    batch = get_object_or_404(VoucherBatch.objects.select_related("offer", "package", "made_by"), pk=pk)
    redeemed = batch.vouchers.filter(redeemed_at__isnull=False).count()
    context = {
        "batch": batch,
        "redeemed": redeemed,
        "left": batch.count - redeemed,
        "page_title": str(batch),
        "today": timezone.localdate(),
    }
    return dialog(request, BATCH, context)


@require_POST
@staff_view("dataaccounts.print_vouchers")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes that are not redeemed yet as a PDF. That somebody took them is on record."""
    batch = get_object_or_404(VoucherBatch.objects.select_related("offer"), pk=pk)
    content = voucher_sheets.sheet(batch=batch, actor=request.user, day=timezone.localdate())  # type: ignore[arg-type]
    return as_download(HttpResponse(content, content_type="application/pdf"), f"vouchers-{batch.pk}.pdf")


@require_POST
@staff_view("dataaccounts.change_voucherbatch")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let no voucher of a batch be redeemed any more."""
    batch = get_object_or_404(VoucherBatch, pk=pk)
    try:
        vouchers.withdraw(batch=batch, now=timezone.now())
    except DomainError as no:
        return changed(request, str(no), reverse("dataaccounts:vouchers"))
    return changed(request, f"The vouchers of {batch} are withdrawn.", reverse("dataaccounts:vouchers"))
