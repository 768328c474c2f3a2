"""Selling toppings and bundles that are paid at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from billing.forms.topping_sales import SellToppingForm
from billing.services import topping_sales
from billing.views.dialogs import answer
from customers.views.profile import find_customer
from herotill.access import may, staff_view
from herotill.pages import posted


@staff_view("billing.add_receipt")
def sell(request: HttpRequest, code: str) -> HttpResponse:
    """The dialog that books a receipt, its invoice and the data together."""
    if not may(request.user, "billing.issue_invoices"):
        raise PermissionDenied
    customer = find_customer(code)
    today = timezone.localdate()
    initial = {"receipt_date": today, "reference": customer.code}
    costs = topping_sales.costs(customer=customer.pk, day=today)
    form = SellToppingForm(posted(request), customer=customer, costs=costs, initial=initial)

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        made = topping_sales.sell(
            account=data["data_account"],
            offer=data["offer"],
            receipt=form.new(),
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"{made.offer} sold with invoice {made.document}.", resolve_url(customer)

    return answer(request, form=form, title="Sell a topping or bundle", press="Sell and book", do=do)
