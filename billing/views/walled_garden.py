"""The page that a suspended customer is led to by the router: what is due, pay now, how to reach us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing.services import letterheads
from billing.services.cards import gateways
from billing.services.cards.pay_links import pay_link
from customers import owing
from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.selectors.lines import holder_of
from herotill.access import public_view
from herotill.network import address_of

PAGE = "billing/walled_garden.html"


@require_http_methods(["GET", "HEAD", "POST"])
@public_view
def suspended(request: HttpRequest) -> HttpResponse:
    """Shows what the line one asks from owes, without a name; the button leads to the page for paying.

    Somebody on another line reads how to pay and how to reach us, and nothing of anybody.
    """
    customer = _whose(request)
    pays = customer is not None and gateways.in_use() is not None
    if customer and pays and request.method == "POST":
        return redirect(pay_link(customer=customer, now=timezone.now()))
    ours = letterheads.today().details
    context = {
        "known": customer is not None,
        "owed": owing.of([customer.pk]).get(customer.pk) if customer else None,
        "pays": pays,
        "ours": ours,
        "bank": ours["bank"],
        "home_url": "/portal/",
        "page_title": "Service suspended",
    }
    return render(request, PAGE, context)


def _whose(request: HttpRequest) -> Customer | None:
    account = holder_of(address_of(request))
    return account.customer if account and account.state == DataAccount.State.SUSPENDED else None
