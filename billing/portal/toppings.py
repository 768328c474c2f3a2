"""Buying data for a service: by card, or on the next invoice where the ISP allows it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.forms.portal_data import ACCOUNT, CARD, BuyDataForm
from billing.models import CardGateway
from billing.portal.paying import begin
from billing.selectors.account_bills import payer
from billing.services import topping_sales
from billing.services.cards import gateways
from billing.services.cards.payable import data_for
from customers.models import Customer
from customers.portal.answers import theirs
from dataaccounts.models import DataAccount, ToppingOffer
from herotill.access import portal_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import page, posted
from herotill.portal import seat


@require_http_methods(["GET", "HEAD", "POST"])
@portal_view("dataaccounts.view_topping")
def data(request: HttpRequest) -> HttpResponse:
    """Toppings and bundles with their prices, for one service."""
    customer, day = theirs(request), timezone.localdate()
    other = None if seat(request).is_sub else payer(customer, day)
    accounts = [] if other else _accounts(customer)
    account = _chosen(request, accounts)
    gateway = gateways.in_use() if account else None
    ways = _ways(account, gateway) if account else []
    goods = data_for([account], topping_sales.offers(customer=customer.pk, day=day)) if account else []
    form = BuyDataForm(posted(request), goods=goods, ways=ways)
    if account and form.is_bound and form.is_valid() and (to := _bought(request, account, form)):
        return to
    return page(
        request,
        "portal/money/data.html",
        tab="",
        page_title=_("Buy data"),
        form=form,
        payer=other,
        accounts=accounts,
        account=account,
        by_card=CARD in ways,
        on_account=ACCOUNT in ways,
        gateway=gateway,
    )


def _accounts(customer: Customer) -> list[DataAccount]:
    """Their services that take data: prepaid ones and those with an allowance."""
    found = DataAccount.objects.filter(customer=customer, state=DataAccount.State.ACTIVE)
    related = found.select_related("package", "customer").order_by("username")
    return [one for one in related if one.prepaid or one.package.allowance is not None]


def _chosen(request: HttpRequest, accounts: list[DataAccount]) -> DataAccount | None:
    """The service asked for, or the only one. 404 for one that is not theirs."""
    asked = request.GET.get("account", "")
    if not asked:
        return accounts[0] if len(accounts) == 1 else None
    found = next((one for one in accounts if str(one.pk) == asked), None)
    if found is None and accounts:
        raise Http404
    return found


def _ways(account: DataAccount, gateway: CardGateway | None) -> list[str]:
    ways = [CARD] if gateway else []
    return [*ways, ACCOUNT] if topping_sales.may_be_on_account(account) else ways


def _bought(request: HttpRequest, account: DataAccount, form: BuyDataForm) -> HttpResponse | None:
    """Begin the card payment or put it on the next invoice; where that is refused the form says why."""
    if form.by_card:
        attempt = begin(request, form, form.wanted)
        return redirect("portal-pay-go", attempt.reference) if attempt else None
    try:
        return _put_on_account(request, account, form)
    except DomainError as no:
        refuse(form, no)
        return None


def _put_on_account(request: HttpRequest, account: DataAccount, form: BuyDataForm) -> HttpResponse:
    topping_sales.put_on_account(
        account=account,
        offer=ToppingOffer.objects.get(pk=form.chosen.subject["offer"]),
        token=form.cleaned_data["form_key"],
        actor=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    messages.success(request, _("Added; it stands on your next invoice."))
    return redirect("portal-service", account.pk)
