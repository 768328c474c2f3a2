"""The details of our own bank accounts: what stands, what waits, and asking for a change."""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from billing.forms.bank_accounts import BankDetailsForm
from billing.models import BankAccount
from billing.selectors import bank_accounts as reading
from billing.services import bank_accounts
from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor


@staff_view("billing.view_bankaccount")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One account of ours, and the change that waits for it."""
    account = get_object_or_404(BankAccount, pk=pk)
    context = {"account": account, "waiting": reading.waiting(account), "page_title": account.name}
    return render(request, "billing/bank_account.html", context)


@staff_view("billing.change_bankaccount")
@fresh_second_factor
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for other bank details; a second person approves them."""
    account = get_object_or_404(BankAccount, pk=pk)
    # The form fills in what it is given; what is typed goes to a second person first.
    form = BankDetailsForm(request.POST if request.method == "POST" else None, instance=copy(account))
    if request.method == "POST" and form.is_valid() and _asked(request, account, form):
        messages.success(request, "Asked. The old details stand until somebody else has approved the new.")
        return redirect("billing:bank-details", pk=pk)
    context = {
        "account": account,
        "form": form,
        "waiting": reading.waiting(account),
        "page_title": f"Bank details of {account.name}",
    }
    return render(request, "billing/bank_details.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, account: BankAccount, form: Any) -> bool:
    data = form.cleaned_data
    try:
        bank_accounts.ask_for_change(
            account=account,
            details=data,
            reason=data["reason"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True
