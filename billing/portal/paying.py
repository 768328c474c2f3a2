"""Paying by card or EFT: what is due, a document or part of it, or ahead; and the way on to the gateway."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.portal import PayForm
from billing.models import CardAttempt, CardGateway
from billing.selectors import bank_accounts, own_account, receipts
from billing.services.cards import Wanted, attempts, gateways
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.headers import with_forms_to
from herotill.integrations.cards import Can
from herotill.pages import page, posted
from herotill.portal import seat
from herotill.typed import number


@require_http_methods(["GET", "HEAD", "POST"])
@portal_view("billing.view_document")
def pay(request: HttpRequest) -> HttpResponse:
    """What is due, how to pay it by card, and where to pay it by EFT."""
    customer, day = theirs(request), timezone.localdate()
    due, gateway = own_account.due(customer=customer, day=day), gateways.in_use()
    form = PayForm(
        posted(request),
        owed=due.owed,
        documents=receipts.open_documents(customer=customer),
        keeps=_keeps(gateway) and not seat(request).is_sub,
    )
    if (asked := number(request.GET.get("document"))) is not None:
        form.choose(asked)
    if form.is_bound and form.is_valid() and (attempt := begin(request, form, form.wanted)):
        return redirect("portal-pay-go", attempt.reference)
    return page(
        request,
        "portal/money/pay.html",
        tab="bills",
        page_title=_("Pay"),
        form=form,
        due=due,
        gateway=gateway,
        bank=bank_accounts.printed(),
        code=customer.code,
        checked=own_account.being_checked(customer=customer),
    )


def _keeps(gateway: CardGateway | None) -> bool:
    return gateway is not None and Can.STORE in gateways.adapter(gateway).can


def begin(request: HttpRequest, form: BaseForm, wanted: Wanted) -> CardAttempt | None:
    """Begin what a valid form asks for; where that is refused the form says why."""
    try:
        return attempts.start(
            customer=theirs(request),
            wanted=wanted,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return None


@require_safe
@portal_view("billing.view_document")
def go(request: HttpRequest, reference: str) -> HttpResponse:
    """A plain form to the gateway; this page alone may send one there."""
    found = CardAttempt.objects.filter(customer=theirs(request), reference=reference)
    attempt = found.select_related("gateway", "customer", "document").first()
    if attempt is None:
        raise Http404
    if attempt.state != CardAttempt.State.STARTED:
        return redirect("card-return", reference)
    onward = attempts.redirect(attempt=attempt)
    response = page(
        request,
        "portal/money/go.html",
        tab="bills",
        page_title=_("On to %(gateway)s") % {"gateway": attempt.gateway},
        attempt=attempt,
        said=attempts.said(attempt),
        onward=onward,
    )
    return with_forms_to(response, onward.origins)
