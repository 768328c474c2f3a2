"""Setup: SMS gateways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.messages.forms import GatewayForm, TestSmsForm
from herotill.messages.models import SmsGateway
from herotill.messages.services import gateways, testing
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "outbox.view_smsgateway", "outbox.change_smsgateway"


@require_safe
@staff_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """The gateways we can send by, and which one does."""
    known = {row.kind: row for row in SmsGateway.objects.all()}
    rows = [(kind, label, known.get(kind)) for kind, label in SmsGateway.Kind.choices]
    context = {
        "gateways": rows,
        "sends": gateways.active(),
        "form": TestSmsForm(),
        "may_change": may(request.user, CHANGE),
        "page_title": "SMS gateway",
    }
    return render(request, "messages/gateways.html", context)


def _find(kind: str) -> SmsGateway:
    if kind not in SmsGateway.Kind.values:
        raise Http404
    return SmsGateway.objects.filter(kind=kind).first() or SmsGateway(kind=kind)


@staff_view(CHANGE)
@fresh_second_factor
def gateway(request: HttpRequest, kind: str) -> HttpResponse:
    """What one gateway knows us by."""
    row = _find(kind)
    form: Any = GatewayForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        said.success(request, f"{row} saved.")
        return redirect("sms-gateways")
    context = {"form": form, "gateway": row, "page_title": str(row)}
    return render(request, "messages/gateway.html", context, status=422 if form.errors else 200)


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def switch(request: HttpRequest, kind: str) -> HttpResponse:
    """Send by this gateway, or no longer."""
    row = _find(kind)
    if "off" in request.POST:
        return _done(request, lambda: gateways.switch_off(row=row), f"Nothing is sent by {row} any more.")
    return _done(request, lambda: gateways.switch_on(row=row), f"SMS go out by {row}.")


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def callback(request: HttpRequest, kind: str) -> HttpResponse:
    """A new address for its reports, shown once."""
    row = _find(kind)
    if row.pk is None:
        said.error(request, f"{row} is not set up yet.")
        return redirect("sms-gateways")
    address = gateways.new_callback(row=row)
    context = {"address": address, "gateway": row, "page_title": f"Where {row} reports"}
    return render(request, "messages/callback.html", context)


@require_POST
@staff_view(SEE)
def balance(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask what is left to spend."""
    row = _find(kind)
    return _done(request, lambda: gateways.ask_balance(row=row, now=timezone.now()), f"Asked {row}.")


@require_POST
@staff_view(CHANGE)
def test(request: HttpRequest) -> HttpResponse:
    """Send oneself an SMS."""
    form, actor = TestSmsForm(request.POST), cast(User, request.user)
    if not form.is_valid():
        said.error(request, " ".join(map(str, form.errors["to"])))
        return redirect("sms-gateways")
    to = form.cleaned_data["to"]
    testing.sms(to=to, name=str(actor), now=timezone.now(), actor_id=actor.pk)
    said.success(request, f"A test goes to {to}.")
    return redirect("sms-gateways")


def _done(request: HttpRequest, deed: Callable[[], None], words: str) -> HttpResponse:
    try:
        deed()
    except (DomainError, IntegrationError) as no:
        said.error(request, str(no))
    else:
        said.success(request, words)
    return redirect("sms-gateways")
