"""How a customer pays: the card on file, the debit order and its mandate, read and signed."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.forms.portal import SignForm, VerifyForm
from billing.models import CardAttempt, Mandate
from billing.portal.paying import begin
from billing.selectors import bank_accounts, cards
from billing.selectors import mandates as reading
from billing.services.cards import Wanted, gateways, stored
from billing.services.mandates import electronic
from customers.portal.answers import theirs
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.integrations.cards import Can
from herotill.money import ZERO
from herotill.network import address_of
from herotill.pages import page, posted
from herotill.portal import private_view

MANDATE = "billing.view_mandate"
CARD = "billing.view_storedcard"


@require_safe
@private_view(MANDATE)
def method(request: HttpRequest) -> HttpResponse:
    """How they pay now, the card on file, and the mandate for debit orders."""
    customer, gateway = theirs(request), gateways.in_use()
    return page(
        request,
        "portal/money/method.html",
        tab="method",
        page_title=_("How you pay"),
        customer=customer,
        card=cards.card_of(customer=customer),
        verifies=gateway is not None and Can.STORE in gateways.adapter(gateway).can,
        gateway=gateway,
        verify_form=VerifyForm(),
        mandate=reading.open_mandate(customer.pk),
        detail=reading.current_detail(customer.pk),
        bank=bank_accounts.printed(),
        now=timezone.now(),
    )


@require_POST
@private_view(CARD)
def verify_card(request: HttpRequest) -> HttpResponse:
    """On to the gateway, where the customer types the card; nobody here ever does."""
    form = VerifyForm(request.POST)
    if form.is_valid():
        wanted = Wanted(CardAttempt.Purpose.VERIFY, ZERO, form_key=form.cleaned_data["form_key"])
        if attempt := begin(request, form, wanted):
            return redirect("portal-pay-go", attempt.reference)
    return redirect("portal-method")


@require_POST
@private_view(CARD)
def remove_card(request: HttpRequest) -> HttpResponse:
    """Charge the card on file no more."""
    card = cards.card_of(customer=theirs(request))
    if card is None:
        raise Http404
    stored.remove(card=card, why="Removed by the customer in the portal.", now=timezone.now())
    return redirect("portal-method")


def _mandate(request: HttpRequest) -> Mandate:
    found = reading.open_mandate(theirs(request).pk)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@private_view(MANDATE)
def mandate(request: HttpRequest) -> HttpResponse:
    """The mandate as it stands, and signing it where it waits for that."""
    found, now = _mandate(request), timezone.now()
    form = None
    if electronic.is_open(found, now):
        form = SignForm(posted(request), initial={"mark": electronic.shown(found)})
        if form.is_bound and form.is_valid() and _signed(request, form, found):
            return redirect("portal-mandate")
    return page(
        request,
        "portal/money/mandate.html",
        tab="method",
        page_title=_("Debit-order mandate"),
        mandate=found,
        terms=reading.terms(found),
        form=form,
    )


def _signed(request: HttpRequest, form: SignForm, found: Mandate) -> bool:
    try:
        electronic.sign_known(
            mandate=found,
            name=form.cleaned_data["name"],
            mark=form.cleaned_data["mark"],
            address=address_of(request),
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_safe
@private_view(MANDATE)
def mandate_paper(request: HttpRequest) -> HttpResponseBase:
    """The PDF that was signed, or the form that was signed on paper."""
    found = _mandate(request)
    if proof := found.attachment:
        return as_download(
            FileResponse(proof.file.open("rb"), content_type=proof.content_type), proof.filename
        )
    if not found.document_path:
        raise Http404
    made = electronic.document(found)
    return as_download(HttpResponse(made.content, content_type=made.content_type), made.filename)
