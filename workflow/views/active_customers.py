"""Customers – Active: how they pay and what they have, both set in one dialog, until the lead moves on by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from billing.views import payments
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.lists.views.dialogs import changed, dialog
from herotill.users.models import User
from workflow.forms.new_products import TakeOverForm
from workflow.models import Lead, Place, TakenOver
from workflow.selectors import customer_gates, offered, quotes
from workflow.selectors.missing import missing
from workflow.services import moving, new_products

TAKE = "workflow.take_over_products"
AHEAD = timedelta(days=7)
DIALOG = "workflow/customers/active.html"


def _lead(pk: int) -> Lead:
    found = Lead.objects.select_related("customer__billing_profile", "step__phase")
    return get_object_or_404(found, pk=pk, customer__isnull=False)


@staff_view(TAKE)
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """What a new customer still needs. POST takes over what was ticked of the accepted quote."""
    lead = _lead(pk)
    form = _form(request, lead, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = new_products.take_over(
                lead=lead,
                choices=form.choices(),
                day=form.cleaned_data["day"],
                actor=cast(User, request.user),
                now=timezone.now(),
            )
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            return _after(request, pk, _said(made))
    return _show(request, lead, form, 422 if request.method == "POST" else 200)


def _form(request: HttpRequest, lead: Lead, data: QueryDict | None = None) -> TakeOverForm:
    day = timezone.localdate() + AHEAD
    return TakeOverForm(
        data,
        initial={"day": day},
        offers=offered.offers(lead, day),
        prices_accounts=may(request.user, "dataaccounts.add_accountprice"),
        prices_items=may(request.user, "billing.add_itemprice"),
    )


def _said(made: list[TakenOver]) -> str:
    left = sum(bool(one.left) for one in made)
    return f"{_things(len(made) - left)} taken over." + (f" {_things(left)} left out." if left else "")


def _things(count: int) -> str:
    return "One thing is" if count == 1 else f"{count} things are"


def _show(
    request: HttpRequest, lead: Lead, form: TakeOverForm, status: int = 200, said: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "lead": lead,
        "customer": lead.customer,
        "form": form,
        "quote": quotes.accepted(lead),
        "taken": [one for one in offered.offers(lead, timezone.localdate()) if one.is_taken],
        "needs": missing([lead.pk], Place.JOB_NEW).get(lead.pk, []),
        "unpaid": customer_gates.without_payment_method([lead.pk]).get(lead.pk, ""),
        "may_pay": may(request.user, payments.RIGHT),
        "is_here": lead.place == Place.CUSTOMER_ACTIVE,
        "said": said,
        "page_title": f"{lead.customer}",
    }
    return dialog(request, DIALOG, context, status)


def _after(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    """What was done, and the dialog with what is left; closed once the lead has moved on."""
    moving.settle(now=timezone.now(), leads=[pk])
    lead = _lead(pk)
    back = reverse("workflow:list-customer-active")
    if lead.place == Place.CUSTOMER_ACTIVE and request.headers.get("HX-Request"):
        answer = _show(request, lead, _form(request, lead), said=said)
        answer.headers["HX-Trigger"] = "list-changed"
        return answer
    if lead.place != Place.CUSTOMER_ACTIVE:
        said = f"{said} {lead.name} moved on to {lead.step.phase}, {lead.step}."
    return changed(request, said, back)


@sensitive_post_parameters("number")
@staff_view(payments.RIGHT)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog of how a customer pays, and then what is left to do for the lead."""
    lead = _lead(pk)
    assert lead.customer
    answer = payments.payment(request, lead.customer.code)
    if request.method != "POST" or answer.status_code == 422:
        return answer
    return _after(request, pk, " ".join(["The payment method is saved.", *_not_yet(pk)]))


def _not_yet(lead: int) -> list[str]:
    """That nothing is debited or charged yet, and where to ask for what is missing."""
    return [f"{no} Ask for it on the profile." for no in customer_gates.without_mandate([lead]).values()]
