"""Where an account is shown, what a change would mean, and the network's rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from dataaccounts.forms.preview import PreviewForm
from dataaccounts.forms.rules import RulesForm
from dataaccounts.models import DataAccount
from dataaccounts.selectors.changing import before_and_after
from dataaccounts.selectors.rules import rules as the_rules
from dataaccounts.services import network_rules
from herotill.access import staff_view
from herotill.pages import settings_page


@require_safe
@staff_view("dataaccounts.view_dataaccount")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """An account stands on its customer's profile."""
    found = get_object_or_404(DataAccount.objects.select_related("customer"), pk=pk)
    return redirect(f"{found.customer.get_absolute_url()}#card-data-accounts")


@require_safe
@staff_view("dataaccounts.add_packagechange")
def change_preview(request: HttpRequest) -> HttpResponse:
    """What a dialog's change would mean for the bill, as far as it is filled in."""
    form = PreviewForm(request.GET)
    context: dict[str, Any] = {}
    if form.is_valid() and form.says_something:
        asked = form.cleaned_data
        context = {"means": before_and_after(**form.wish), "to_prepaid": bool(asked["prepaid"])}
    return render(request, "dataaccounts/_change_preview.html", context)


@staff_view("dataaccounts.view_networkrules")
def rules(request: HttpRequest) -> HttpResponse:
    """How the network is run."""
    return settings_page(
        request,
        right="dataaccounts.change_networkrules",
        form=lambda sent: RulesForm(sent, instance=the_rules()),
        keep=lambda form: network_rules.change(values=form.cleaned_data),
        says="Network rules saved.",
        title="Network rules",
        about="What suspended accounts get, what is checked first, how long records are kept, and what the portal"
        " allows.",
    )
