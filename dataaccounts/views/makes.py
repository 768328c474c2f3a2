"""What each make of router is told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataaccounts.forms.network import GARDEN_NEEDS_IT, AttributeForm
from dataaccounts.models import VendorAttribute, VendorTemplate
from dataaccounts.selectors.rules import garden_hangs_on
from herotill.access import may, staff_view
from herotill.lists.views.dialogs import changed, dialog

CHANGE = "dataaccounts.change_vendortemplate"


@require_safe
@staff_view("dataaccounts.view_vendortemplate")
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """A make and its attributes."""
    found = get_object_or_404(VendorTemplate, pk=pk)
    context = {
        "page_title": found.name,
        "make": found,
        "attributes": list(found.attributes.order_by("answers", "id")),
        "may_change": may(request.user, CHANGE),
    }
    return render(request, "dataaccounts/network/make.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(CHANGE)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a make another attribute."""
    found = get_object_or_404(VendorTemplate, pk=pk)
    return _edit(request, VendorAttribute(vendor=found), "New attribute")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(CHANGE)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a make is told."""
    found = get_object_or_404(VendorAttribute.objects.select_related("vendor"), pk=pk)
    return _edit(request, found, f"Change {found.attribute}")


def _edit(request: HttpRequest, row: VendorAttribute, title: str) -> HttpResponse:
    form = AttributeForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.instance.save()
        return changed(request, f"{row.attribute} saved.", _back(row))
    context = {
        "page_title": title,
        "form": form,
        "action": request.path,
        "delete_url": reverse("dataaccounts:make-attribute-delete", args=[row.pk]) if row.pk else "",
    }
    return dialog(request, "dataaccounts/network/_attribute.html", context, 422 if form.errors else 200)


def _back(row: VendorAttribute) -> str:
    return reverse("dataaccounts:make", args=[row.vendor_id])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(CHANGE)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer tell a make an attribute."""
    found = get_object_or_404(VendorAttribute.objects.select_related("vendor"), pk=pk)
    if request.method == "POST" and garden_hangs_on(found):
        return changed(request, GARDEN_NEEDS_IT, _back(found), tone="bad")
    if request.method == "POST":
        found.delete()
        return changed(request, f"{found.attribute} is no longer told.", _back(found))
    context = {"page_title": f"Delete {found.attribute}", "row": found, "action": request.path}
    return dialog(request, "dataaccounts/network/_attribute_delete.html", context)
