"""A product: what it is, and what it costs from when on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import dialog, gone_to
from herotill.reference.forms.products import NewProductForm, PriceForm, ProductForm
from herotill.reference.models import Price, Product
from herotill.reference.selectors import products as reading
from herotill.reference.selectors import vat
from herotill.reference.services import products


@require_safe
@staff_view("reference.view_product")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The product with its prices by list, past, present and to come."""
    product = get_object_or_404(Product.objects.select_related("product_type"), pk=pk)
    day = timezone.localdate()
    context = {
        "product": product,
        "lists": reading.price_history(product, vat.rates(), day),
        "today": day,
        "page_title": product.code,
    }
    return render(request, "reference/product.html", context)


@staff_view("reference.add_product")
def new(request: HttpRequest) -> HttpResponse:
    """Add a product, with its price to everybody if that is known."""
    first = timezone.localdate().replace(day=1)
    form = NewProductForm(request.POST if request.method == "POST" else None, initial={"starts_on": first})
    if request.method == "POST" and form.is_valid():
        try:
            product = _add(form)
        except DomainError as no:
            refuse(form, no)
        else:
            return _done(request, f"{product.code} added.", _url(product))
    return _dialog(request, form, "New product", reverse("reference:product-new"))


def _add(form: Any) -> Product:
    product = products.save(product=form.instance)
    data = form.cleaned_data
    if data["amount"] is not None:
        day = timezone.localdate()
        products.set_price(
            product=product, price_list=None, starts_on=data["starts_on"], amount=data["amount"], day=day
        )
    return product


@staff_view("reference.change_product")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product, retire it or sell it again."""
    product = get_object_or_404(Product, pk=pk)
    if request.method == "POST" and ({"retire", "restore"} & request.POST.keys()):
        products.retire(product=product, retired="retire" in request.POST)
        return _done(request, f"{product.code} saved.", _url(product))
    form = ProductForm(request.POST if request.method == "POST" else None, instance=product)
    if request.method == "POST" and form.is_valid():
        try:
            products.save(product=form.instance)
        except DomainError as no:
            refuse(form, no)
        else:
            return _done(request, f"{product.code} saved.", _url(product))
    removable = may(request.user, "reference.delete_product")
    delete_url = reverse("reference:product-delete", args=[pk]) if removable else ""
    action = reverse("reference:product-edit", args=[pk])
    return _dialog(request, form, "Change product", action, row=product, delete_url=delete_url)


@staff_view("reference.delete_product")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a product that nothing uses, after having said so."""
    product, why = get_object_or_404(Product, pk=pk), ""
    if request.method == "POST":
        try:
            products.delete(product=product)
        except DomainError as no:
            why = str(no)
        else:
            return _done(request, f"{product.code} deleted.", reverse("reference:products"))
    context = {
        "page_title": "Delete product",
        "row": product,
        "noun": "product",
        "why": why,
        "action": reverse("reference:product-delete", args=[pk]),
    }
    return dialog(request, "tables/_delete.html", context, 422 if why else 200)


@staff_view("reference.add_price")
def add_price(request: HttpRequest, pk: int) -> HttpResponse:
    """A price from a day on, for everybody or for one list."""
    product, day = get_object_or_404(Product, pk=pk), timezone.localdate()
    form = PriceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            products.set_price(product=product, day=day, **form.cleaned_data)
        except DomainError as no:
            refuse(form, no)
        else:
            return _done(request, "Price saved.", _url(product))
    action = reverse("reference:price-add", args=[pk])
    return _dialog(request, form, f"New price of {product.code}", action, noun="price")


@require_POST
@staff_view("reference.add_price")
def drop_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a price that has not begun."""
    price = get_object_or_404(Price.objects.select_related("product"), pk=pk)
    try:
        products.drop_price(price=price, day=timezone.localdate())
    except DomainError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "The price is taken back.")
    return redirect(_url(price.product))


def _done(request: HttpRequest, said: str, url: str) -> HttpResponse:
    messages.success(request, said)
    return gone_to(request, url)


def _url(product: Product) -> str:
    return reverse("reference:product", args=[product.pk])


def _dialog(
    request: HttpRequest, form: Any, title: str, action: str, *, noun: str = "product", **more: Any
) -> HttpResponse:
    context = {"page_title": title, "form": form, "noun": noun, "action": action, **more}
    return dialog(request, "tables/_edit.html", context, 422 if form.errors else 200)
