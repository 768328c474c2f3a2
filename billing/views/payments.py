"""The dialog that says how a customer pays, and from which account. Addressed by customer code, from any screen."""

from __future__ import annotations

import json
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from billing.forms.mandates import DEBIT, PaymentForm
from billing.models import PayerBank
from billing.policies.account_checks import branch_doubt
from billing.selectors import mandates as reading
from billing.services import mandates, payment_methods
from billing.services.mandates import details
from customers.models import Customer
from customers.views.profile import find_customer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import dialog
from herotill.typed import number
from herotill.users.models import User

RIGHT, ACCOUNT = "billing.change_billingprofile", "billing.add_debitdetail"
CARD = Customer.PaymentMethod.CREDIT_CARD
TEMPLATE = "billing/mandates/payment.html"
CHANGED = ("billing-details", "debit-order", "account-details", "audit-trail", "list-changed")


def _form(request: HttpRequest, customer: Customer) -> PaymentForm:
    data = request.POST if request.method == "POST" else None
    return PaymentForm(
        data,
        customer=customer,
        held=reading.current_detail(customer.pk),
        may_debit=may(request.user, ACCOUNT),
        may_override=may(request.user, details.OVERRIDE),
    )


@sensitive_post_parameters("number")
@staff_view(RIGHT)
def payment(request: HttpRequest, code: str) -> HttpResponse:
    """How the customer pays: GET the dialog, POST to save."""
    customer = find_customer(code)
    form = _form(request, customer)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, customer, form)
        except DomainError as no:
            refuse(form, no)
        else:
            return _done(request, customer)
    context = _context(request, customer, form) | {"page_title": "Payment method", "action": request.path}
    return dialog(request, TEMPLATE, context, 422 if request.method == "POST" else 200)


def _context(request: HttpRequest, customer: Customer, form: PaymentForm) -> dict[str, Any]:
    """What the fields are shown with. Whoever pays by card verifies their own card; nobody of ours types one."""
    asks = may(request.user, "billing.request_verification")
    card = ("customers:widget-action", customer.code, "card-transactions", "request-verification")
    return {
        "form": form,
        "customer": customer,
        "verify_url": reverse(card[0], args=card[1:]) if asks and form["method"].value() == CARD else "",
    }


@transaction.atomic
def _save(request: HttpRequest, customer: Customer, form: PaymentForm) -> None:
    actor, now, data = cast(User, request.user), timezone.now(), form.cleaned_data
    if form.asks_debit:
        values = form.values(data)
        mandates.save_detail(customer=customer, values=values, actor=actor, now=now, seen=data["seen"])
    payment_methods.set(customer=customer, method=data["method"], actor=actor, now=now)


def _done(request: HttpRequest, customer: Customer) -> HttpResponse:
    said = "The payment method is saved."
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return redirect(customer)
    events: dict[str, Any] = {name: {} for name in CHANGED}
    events["toast"] = {"text": said, "tone": "ok"}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


@require_POST
@sensitive_post_parameters("number")
@staff_view(RIGHT)
def fields(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked once a method is chosen; nothing is saved. A POST, so that no number stands in an address."""
    customer = find_customer(code)
    form = PaymentForm(
        None,
        customer=customer,
        held=reading.current_detail(customer.pk),
        may_debit=may(request.user, ACCOUNT),
        may_override=False,
        method=request.POST.get("method", ""),
    )
    return render(request, "billing/mandates/_fields.html", _context(request, customer, form))


@require_POST
@staff_view(ACCOUNT)
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """The branch fields with the universal code and the name of the bank that was chosen; nothing is saved."""
    customer = find_customer(code)
    bank = _bank(request)
    form = PaymentForm(
        None,
        customer=customer,
        held=reading.current_detail(customer.pk),
        may_debit=True,
        may_override=False,
        method=DEBIT,
    )
    universal = (bank.branch_code, bank.name) if bank else ("", "")
    form.initial = {**form.initial, "branch_code": universal[0], "branch_name": universal[1]}
    return render(request, "billing/mandates/_branch.html", {"form": form, "customer": customer})


def _bank(request: HttpRequest) -> PayerBank | None:
    pk = number(request.POST.get("bank"))
    return PayerBank.objects.filter(pk=pk).first() if pk else None


@require_POST
@sensitive_post_parameters("number")
@staff_view(ACCOUNT)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What speaks against the account as it is typed so far; nothing is saved."""
    customer, bank = find_customer(code), _bank(request)
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "branch_code", "account_type")}
    doubts = _doubts(customer, bank, typed) if bank else []
    return render(request, "billing/mandates/_doubts.html", {"doubts": doubts})


def _doubts(customer: Customer, bank: PayerBank, typed: dict[str, str]) -> list[str]:
    found = []
    if len(typed["branch_code"]) == 6:
        found.append(branch_doubt(bank.check_rule, bank.branch_code, typed["branch_code"]))
    if details.digits(typed["number"]):
        values = mandates.NewDetail(
            bank=bank,
            branch_code=typed["branch_code"],
            holder="",
            debit_day=1,
            number=typed["number"],
            account_type=typed["account_type"],
        )
        found += [details.FAILS.format(bank=bank.name)] if details.fails(values, None) else []
    return [one for one in found if one]
