"""Setup: the service that carries debit orders out; its keys take a second person."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from billing.channels.netcash import netcash
from billing.forms.bank_services import BankServiceForm, ServiceKeysForm
from billing.selectors.bank_services import waiting
from billing.services import bank_services
from herotill.access import may, staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.forms import refuse
from herotill.pages import posted
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "billing.view_bankservice", "billing.change_bankservice"


@staff_view(SEE)
def show(request: HttpRequest) -> HttpResponse:
    """How it works, and the change of keys that waits."""
    service = bank_services.service(netcash.name)
    may_change = may(request.user, CHANGE)
    form = BankServiceForm(
        posted(request) if may_change else None, instance=bank_services.service(netcash.name)
    )
    if form.is_bound and form.is_valid():
        try:
            bank_services.change(service=service, values=form.cleaned_data)
        except DomainError as no:
            refuse(form, no)
        else:
            messages.success(request, "Debit-order service saved.")
            return redirect("billing:bank-service")
    context = {
        "page_title": "Debit-order service",
        "service": bank_services.service(netcash.name),
        "form": form,
        "may_change": may_change,
        "waiting": waiting(service),
    }
    return render(request, "billing/setup/bank_service.html", context, status=422 if form.errors else 200)


@staff_view(CHANGE)
@fresh_second_factor
@sensitive_post_parameters("debit_key", "account_key")
def change_keys(request: HttpRequest) -> HttpResponse:
    """Ask for other keys; a second person approves them."""
    service = bank_services.service(netcash.name)
    form = ServiceKeysForm(posted(request))
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        messages.success(request, "Asked. The old keys stand until somebody else has approved the new.")
        return redirect("billing:bank-service")
    context = {
        "page_title": f"Keys of {service}",
        "service": service,
        "form": form,
        "waiting": waiting(service),
    }
    return render(request, "billing/setup/service_keys.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: Any) -> bool:
    data = form.cleaned_data
    try:
        bank_services.ask_for_keys(
            service=bank_services.service(netcash.name),
            wanted=data,
            reason=data["reason"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_POST
@staff_view(CHANGE)
def test(request: HttpRequest) -> HttpResponse:
    """Ask something harmless with each key."""
    try:
        for what, trouble in netcash.test():
            if trouble:
                messages.error(request, f"{what}: {trouble}")
            else:
                messages.success(request, f"{what}: Netcash knows the key.")
    except IntegrationError as no:
        messages.error(request, str(no))
    return redirect("billing:bank-service")
