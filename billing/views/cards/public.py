"""What payers open without a log-in: pay, verify a card, come back; and where gateways post their notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from billing.forms.card_payments import PayForm, VerifyForm
from billing.models import CardAttempt, CardGateway, PayLink
from billing.selectors import cards as reading
from billing.services.cards import attempts, gateways, notices, pay_links
from billing.services.cards.payable import payable as payable_of
from herotill.access import public_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.headers import with_forms_to
from herotill.integrations.cards import Can
from herotill.links import link_view
from herotill.money import ZERO
from herotill.network import address_of
from herotill.reference.selectors.company import company

State = CardAttempt.State


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"page_title": "This link does not work"}
    return render(request, "billing/cards/gone.html", context, status=410)


@link_view
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """What is due, and what the customer chooses to pay."""
    link = pay_links.find(token=token, purpose=CardAttempt.Purpose.PAY, now=timezone.now())
    gateway = gateways.in_use()
    if link is None:
        return _gone(request)
    payable = payable_of(customer=link.customer, day=timezone.localdate())
    stores = gateway is not None and Can.STORE in gateways.adapter(gateway).can
    form = PayForm(_posted(request), payable=payable, stores=stores)
    if form.is_bound and form.is_valid():
        answer = _start(request, link, token, form, lambda: form.wanted)
        if answer:
            return answer
    context = {"link": link, "payable": payable, "form": form, "gateway": gateway, "us": company().called}
    context["page_title"] = "Pay by card"
    return render(request, "billing/cards/pay.html", context, status=422 if form.errors else 200)


@link_view
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """A button that leads to the gateway, where the customer types the card; nobody here ever does."""
    link = pay_links.find(token=token, purpose=CardAttempt.Purpose.VERIFY, now=timezone.now())
    if link is None:
        return _gone(request)
    form = VerifyForm(_posted(request))
    if form.is_bound and form.is_valid():
        answer = _start(request, link, token, form, lambda: _verification(form))
        if answer:
            return answer
    context = {"link": link, "form": form, "gateway": gateways.in_use(), "us": company().called}
    context["page_title"] = "Verify your card"
    return render(request, "billing/cards/verify.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _verification(form: Any) -> attempts.Wanted:
    return attempts.Wanted(CardAttempt.Purpose.VERIFY, ZERO, form_key=form.cleaned_data["form_key"])


def _start(request: HttpRequest, link: PayLink, token: str, form: Any, wanted: Any) -> HttpResponse | None:
    """Begin the payment and go on to the page that leads to the gateway; nothing where it is refused."""
    try:
        attempt = attempts.start(customer=link.customer, wanted=wanted(), actor=None, now=timezone.now())
    except DomainError as no:
        refuse(form, no)
        return None
    to = redirect("card-go", token, attempt.reference)
    return HttpResponseClientRedirect(to.url) if request.headers.get("HX-Request") else to


@require_safe
@link_view
def go(request: HttpRequest, token: str, reference: str) -> HttpResponse:
    """A plain form to the gateway; this page alone may send one there."""
    link = _link(token)
    attempt = CardAttempt.objects.select_related("gateway", "customer", "document").filter(
        reference=reference
    )
    found = attempt.filter(customer=link.customer_id).first() if link else None
    if found is None:
        return _gone(request)
    if found.state != State.STARTED:
        return redirect("card-return", reference)
    form = attempts.redirect(attempt=found)
    context = {
        "attempt": found,
        "said": attempts.said(found),
        "form": form,
        "page_title": f"On to {found.gateway}",
    }
    return with_forms_to(render(request, "billing/cards/go.html", context), form.origins)


def _link(token: str) -> PayLink | None:
    now = timezone.now()
    purposes = (CardAttempt.Purpose.PAY, CardAttempt.Purpose.VERIFY)
    found = (pay_links.find(token=token, purpose=purpose, now=now) for purpose in purposes)
    return next((one for one in found if one), None)


@require_safe
@link_view
def back(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the gateway sends the payer back to. It proves nothing; it says what we know by now."""
    attempt = reading.by_reference(reference)
    if attempt is None:
        return _gone(request)
    context = {"attempt": attempt, "waits": attempt.state == State.STARTED, "page_title": "Thank you"}
    asked_again = request.headers.get("HX-Request")
    template = "billing/cards/_back.html" if asked_again else "billing/cards/back.html"
    return render(request, template, context)


@require_safe
@link_view
def cancelled(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the gateway sends a payer who turned back."""
    attempt = reading.by_reference(reference)
    if attempt is None:
        return _gone(request)
    context = {"attempt": attempt, "page_title": "Not paid"}
    return render(request, "billing/cards/cancelled.html", context)


@csrf_exempt
@public_view
def notify(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Where gateways post. What comes is kept and answered at once; a job judges it."""
    if request.method != "POST":
        return HttpResponseForbidden()
    taken = notices.take(
        kind=kind, token=token, raw=request.body, came_from=address_of(request), now=timezone.now()
    )
    if taken is None:
        return HttpResponseForbidden()
    if kind == CardGateway.Kind.PAYFAST:
        return HttpResponse(status=200)
    return render(request, "billing/cards/noted.html", {"page_title": "Thank you"})
