"""The create dialog and its live code."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from customers.creating import Beginning
from customers.forms.creation import CreateForms
from customers.models import Customer
from customers.screen import CreateTab, create_tabs
from customers.services import customers
from herotill import links
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import dialog
from herotill.users.models import User

Tabs = list[tuple[CreateTab, BaseForm]]


@staff_view("customers.add_customer")
def new(request: HttpRequest) -> HttpResponse:
    """Create a customer. POST: 422 into the dialog, or on to the new profile."""
    return show(request)


def show(request: HttpRequest, beginning: Beginning | None = None) -> HttpResponse:
    """The create dialog, empty or filled in; for views that ask for the right themselves."""
    data = request.POST if request.method == "POST" else None
    forms = CreateForms(user=request.user, data=data, beginning=beginning)
    tabs = [
        (tab, tab.form(data, prefix=tab.name)) for tab in create_tabs if may(request.user, tab.permission)
    ]
    if request.method == "POST" and _all_valid(forms, tabs):
        try:
            customer = _create(request, forms, tabs, beginning)
        except DomainError as no:
            refuse(forms.details, no)
        else:
            return beginning.done(request, customer) if beginning else _to_profile(request, customer)
    status = 422 if request.method == "POST" else 200
    in_dialog = bool(request.headers.get("HX-Request"))
    context = {
        "forms": forms,
        "tabs": tabs,
        "beginning": beginning,
        "action": beginning.action if beginning else reverse("customers:new"),
        "page_title": beginning.title if beginning else "New customer",
        "portal_login": links.address("users:portal-login"),
        "in_dialog": in_dialog,
    }
    return dialog(request, "customers/create/dialog.html", context, status)


def _all_valid(forms: CreateForms, tabs: Tabs) -> bool:
    """Whether every part is right; each is asked, so that every mistake shows at once."""
    found = [forms.is_valid(), *(form.is_valid() for _, form in tabs)]
    return all(found)


@transaction.atomic
def _create(request: HttpRequest, forms: CreateForms, tabs: Tabs, beginning: Beginning | None) -> Customer:
    actor = cast(User, request.user)
    if beginning:
        customer = beginning.create(forms.new(), actor)
    else:
        customer = customers.create(new=forms.new(), actor=actor)
    for tab, form in tabs:
        tab.save(customer=customer, data=form.cleaned_data, actor=request.user)
    return customer


def in_words(request: HttpRequest, customer: Customer) -> str:
    """That somebody is added, and whether under another code than the one that was shown."""
    wanted = request.POST.get("code", "").replace(" ", "").upper()
    taken = f" {wanted} was taken a moment ago." if wanted and wanted != customer.code else ""
    return f"{customer} added.{taken}"


def _to_profile(request: HttpRequest, customer: Customer) -> HttpResponse:
    messages.success(request, in_words(request, customer))
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
    return render(request, "customers/create/_code_anew.html", {"form": form})
