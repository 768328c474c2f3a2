"""VAT: the rates by day, and what we are for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from stdnum import luhn

from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import dialog, gone_to
from herotill.reference.forms.vat import NumberForm, RateForm, StatusForm
from herotill.reference.models import VatRate, VendorStatus
from herotill.reference.selectors import vat as reading
from herotill.reference.services import vat


@require_safe
@staff_view("reference.view_vatrate")
def show(request: HttpRequest) -> HttpResponse:
    """The rates by day, and our own status."""
    day = timezone.localdate()
    rates, statuses = reading.all_rates(), reading.statuses()
    context = {
        "rates": [(rate, _state(rate, rates, day)) for rate in rates],
        "statuses": statuses,
        "now": next((status for status in statuses if status.starts_on <= day), None),
        "today": day,
        "page_title": "VAT",
    }
    return render(request, "reference/vat.html", context)


def _state(rate: VatRate, rates: Any, day: date) -> str:
    if rate.withdrawn:
        return "withdrawn"
    if rate.starts_on > day:
        return "to come"
    begun = next(one for one in rates if one.starts_on <= day and not one.withdrawn)
    return "now" if begun == rate else "past"


@staff_view("reference.add_vatrate")
def announce(request: HttpRequest) -> HttpResponse:
    """A rate that counts from a day on."""
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _done(form, lambda: vat.announce(starts_on=data["starts_on"], rate=data["rate"])):
            return _back(request, f"{form.instance} is announced from {data['starts_on']}.")
    return _dialog(request, form, "New VAT rate", "reference:vat-rate-new", "rate")


@require_POST
@staff_view("reference.change_vatrate")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a rate that was announced."""
    rate = get_object_or_404(VatRate, pk=pk)
    try:
        vat.withdraw(rate=rate)
    except DomainError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, f"The rate of {rate} from {rate.starts_on} is withdrawn.")
    return redirect("reference:vat")


@staff_view("reference.add_vendorstatus")
def change_status(request: HttpRequest) -> HttpResponse:
    """What we are for VAT from a day on."""
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _done(form, lambda: vat.change_status(day=timezone.localdate(), **data)):
            _doubt(request, data["vat_number"])
            return _back(request, f"Our VAT status changes on {data['starts_on']}.")
    return _dialog(request, form, "Change our VAT status", "reference:vat-status", "status")


@staff_view("reference.change_vendorstatus")
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """Our VAT number."""
    status = get_object_or_404(VendorStatus, pk=pk)
    initial = {"vat_number": status.vat_number}
    form = NumberForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["vat_number"]
        if _done(form, lambda: vat.set_number(status=status, vat_number=given)):
            _doubt(request, given)
            return _back(request, "Our VAT number is saved.")
    return _dialog(request, form, "Our VAT number", "reference:vat-number", "number", pk)


def _done(form: Any, deed: Any) -> bool:
    try:
        deed()
    except DomainError as no:
        refuse(form, no)
        return False
    return True


def _doubt(request: HttpRequest, vat_number: str) -> None:
    if vat_number and not luhn.is_valid(vat_number):
        messages.warning(request, f"The check digit of {vat_number} is not what is usual. Is it typed right?")


def _back(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return gone_to(request, reverse("reference:vat"))


def _dialog(
    request: HttpRequest, form: Any, title: str, url_name: str, noun: str, *args: Any
) -> HttpResponse:
    context = {"page_title": title, "form": form, "noun": noun, "action": reverse(url_name, args=args)}
    return dialog(request, "tables/_edit.html", context, 422 if form.errors else 200)
