"""The create dialog and its live code."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from customers.forms.creation import CreateForms
from customers.models import Customer
from customers.screen import CreateTab, create_tabs
from customers.services import customers
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.lists.views.dialogs import dialog

Tabs = list[tuple[CreateTab, BaseForm]]


@staff_view("customers.add_customer")
def new(request: HttpRequest) -> HttpResponse:
    """Create a customer. POST: 422 into the dialog, or on to the new profile."""
    forms = CreateForms(user=request.user, data=request.POST if request.method == "POST" else None)
    tabs = [
        (tab, tab.form(request.POST if request.method == "POST" else None, prefix=tab.name))
        for tab in create_tabs
        if may(request.user, tab.permission)
    ]
    if request.method == "POST" and _all_valid(forms, tabs):
        try:
            customer = _create(request, forms, tabs)
        except DomainError as no:
            forms.details.add_error(no.field or None, str(no))
        else:
            return _to_profile(request, customer)
    status = 422 if request.method == "POST" else 200
    in_dialog = bool(request.headers.get("HX-Request"))
    context = {"forms": forms, "tabs": tabs, "page_title": "New customer", "in_dialog": in_dialog}
    return dialog(request, "customers/create/dialog.html", context, status)


def _all_valid(forms: CreateForms, tabs: Tabs) -> bool:
    """Whether every part is right; each is asked, so that every mistake shows at once."""
    found = [forms.is_valid(), *(form.is_valid() for _, form in tabs)]
    return all(found)


@transaction.atomic
def _create(request: HttpRequest, forms: CreateForms, tabs: Tabs) -> Customer:
    customer = customers.create(new=forms.new(), actor=request.user)  # type: ignore[arg-type]
    for tab, form in tabs:
        tab.save(customer=customer, data=form.cleaned_data, actor=request.user)
    return customer


def _to_profile(request: HttpRequest, customer: Customer) -> HttpResponse:
    wanted = request.POST.get("code", "").replace(" ", "").upper()
    taken = f" {wanted} was taken a moment ago." if wanted and wanted != customer.code else ""
    messages.success(request, f"{customer} added.{taken}")
    address = customer.get_absolute_url()
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


@require_safe
@staff_view("customers.add_customer")
def code(request: HttpRequest) -> HttpResponse:
    """The code field, with the code that the names typed so far would get.

    A code the person typed themselves stays, unless they press Generate (`generate=1`).
    """
    typed, proposed = request.GET.get("code", ""), request.GET.get("proposed", "")
    own = typed and typed != proposed and not request.GET.get("generate")
    letters = customers.letters(
        kind=request.GET.get("kind", ""),
        company_name=request.GET.get("company_name", ""),
        first_names=request.GET.get("first_names", ""),
        surname=request.GET.get("surname", ""),
    )
    free = customers.free_code(letters=letters) if letters != "XXX" else ""
    form = CreateForms(user=request.user).details
    form.initial.update(code=typed if own else free, proposed=proposed if own else free)
    return render(request, "customers/create/_code.html", {"form": form})
