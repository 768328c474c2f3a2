"""The audit trail as pages: of one customer, and of everything."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer
from customers.views.picker import is_about
from customers.views.profile import find_customer
from herotill import audit
from herotill.access import staff_view
from herotill.audit import export
from herotill.audit.filtering import TrailFilter
from herotill.downloads import as_download
from herotill.errors import DomainError


@require_safe
@staff_view("customers.see_audit_trail")
def of_customer(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that happened to one customer and what belongs to it."""
    customer = find_customer(code)
    return _page(request, customer, {"export_url": reverse("customers:audit-export", args=[customer.code])})


@require_safe
@staff_view("house.see_audit")
def of_everything(request: HttpRequest) -> HttpResponse:
    """Everything that happened to anything."""
    return _page(request, None, {"export_url": reverse("customers:audit-everything-export")})


@require_POST
@staff_view("customers.see_audit_trail")
def export_customer(request: HttpRequest, code: str) -> HttpResponseBase:
    """One customer's trail as a file."""
    customer = find_customer(code)
    return _file(request, customer, reverse("customers:audit", args=[customer.code]))


@require_POST
@staff_view("house.see_audit")
def export_everything(request: HttpRequest) -> HttpResponseBase:
    """The whole trail as a file."""
    return _file(request, None, reverse("customers:audit-everything"))


def _wanted(form: TrailFilter, customer: Customer | None) -> dict[str, Any]:
    return form.wanted | ({"customer_id": customer.pk} if customer else {})


def _page(request: HttpRequest, customer: Customer | None, context: dict[str, Any]) -> HttpResponse:
    form = TrailFilter(request.GET, viewer=request.user)
    before = request.GET.get("before", "")
    if customer:
        is_about(request, customer)
    trail = audit.trail(viewer=request.user, before=before, **_wanted(form, customer))
    query = request.GET.copy()
    query.pop("before", None)
    context |= {
        "page_title": f"Audit trail of {customer.name}" if customer else "Audit trail",
        "customer": customer,
        "form": form,
        "trail": trail,
        "whole": customer is None,
        "is_first": not before,
        "is_filtered": any(value for value in form.wanted.values()),
        "query": query.urlencode(),
    }
    return render(request, "audit/page.html", context)


def _file(request: HttpRequest, customer: Customer | None, back: str) -> HttpResponseBase:
    form = TrailFilter(request.GET, viewer=request.user)
    query = request.GET.urlencode()
    try:
        lines = export.take(viewer=request.user, query=query, **_wanted(form, customer))
    except DomainError as no:
        messages.error(request, str(no))
        return redirect(f"{back}?{query}")
    name = f"audit {customer.code}.csv" if customer else "audit.csv"
    return as_download(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), name)
