"""Setup: card gateways. What they know us by changes by a second factor and a second person (rule 6)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.forms.card_payments import GatewayForm
from billing.models import BankAccount, CardGateway
from billing.selectors import card_gateways as waiting
from billing.selectors import cards as reading
from billing.services.cards import gateways
from herotill.access import may, staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.forms import refuse
from herotill.integrations.cards import Can
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "billing.view_cardgateway", "billing.change_cardgateway"


@require_safe
@staff_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """The gateways we can take cards by, and which does."""
    context = {
        "gateways": reading.gateways(),
        "may_change": may(request.user, CHANGE),
        "page_title": "Card gateways",
    }
    return render(request, "billing/cards/gateways.html", context)


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, kind: str) -> HttpResponse:
    """One gateway: what it knows us by, and the change that waits."""
    row = _find(kind)
    bank = gateways.adapter(row) if row.pk else None
    context = {
        "gateway": row,
        "waiting": waiting.waiting(row) if row.pk else None,
        "signs": bank is not None and Can.SIGN in bank.can,
        "books": bank is not None and gateways.may_book(bank),
        "may_change": may(request.user, CHANGE),
        "page_title": row.get_kind_display(),
    }
    return render(request, "billing/cards/gateway.html", context)


def _find(kind: str) -> CardGateway:
    if kind not in CardGateway.Kind.values:
        raise Http404
    found = CardGateway.objects.select_related("account").filter(kind=kind).first()
    return found or CardGateway(kind=kind, name=CardGateway.Kind(kind).label)


@staff_view(CHANGE)
@fresh_second_factor
def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for other credentials, or to switch it on; a second person approves them."""
    row = _find(kind)
    initial = {name: getattr(row, name) for name in ("merchant", "is_on", "test_mode")}
    if row.pk:
        initial["account"] = row.account
    form = GatewayForm(request.POST if request.method == "POST" else None, row=row, initial=initial)
    if request.method == "POST" and form.is_valid() and _asked(request, row, form):
        messages.success(request, "Asked. What stands now counts until somebody else has approved it.")
        return redirect("billing:card-gateway", kind)
    context = {
        "form": form,
        "gateway": row,
        "accounts": BankAccount.objects.filter(source=BankAccount.Source.GATEWAY, retired=False).exists(),
        "page_title": f"Change {row}",
    }
    return render(request, "billing/cards/gateway_change.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, row: CardGateway, form: GatewayForm) -> bool:
    try:
        gateways.ask_for_change(
            row=row,
            values=form.values,
            reason=form.cleaned_data["reason"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def new_address(request: HttpRequest, kind: str) -> HttpResponse:
    """A new address for its notices, shown once."""
    row = _find(kind)
    if row.pk is None:
        messages.error(request, f"{row} is not set up yet.")
        return redirect("billing:card-gateways")
    context = {
        "address": gateways.new_address(row=row),
        "gateway": row,
        "page_title": f"Where {row} tells us",
    }
    return render(request, "billing/cards/address.html", context)


@require_POST
@staff_view(CHANGE)
def test(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask whether it knows us."""
    row = _find(kind)
    try:
        messages.success(request, gateways.test_connection(row=row) if row.pk else "Nothing to ask yet.")
    except IntegrationError as no:
        messages.error(request, str(no))
    return redirect("billing:card-gateway", kind)


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def off(request: HttpRequest, kind: str) -> HttpResponse:
    """Send nobody there any more; that takes no second person."""
    row: Any = _find(kind)
    if row.pk:
        gateways.switch_off(row=row)
        messages.success(request, f"Nobody is sent to {row} any more.")
    return redirect("billing:card-gateway", kind)
