"""Who we are, with a look at how it stands on documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.reference.forms.company import CompanyForm
from herotill.reference.selectors.company import company as ourselves
from herotill.reference.selectors.vat import vendor_status
from herotill.reference.services import company as changing


@staff_view("reference.view_company")
def show(request: HttpRequest) -> HttpResponse:
    """Ourselves; whoever may change us does it here."""
    company = ourselves()
    changes = request.method == "POST" and may(request.user, "reference.change_company")
    form = CompanyForm(
        request.POST if changes else None, request.FILES if changes else None, instance=company
    )
    if changes and form.is_valid() and _saved(form):
        messages.success(request, "Saved. Documents issued from now on show it.")
        return redirect("reference:company")
    context = {
        "form": form,
        "company": ourselves() if form.errors else company,
        "vendor": vendor_status(timezone.localdate()),
        "may_change": may(request.user, "reference.change_company"),
        "page_title": "Company",
    }
    return render(request, "reference/company.html", context, status=422 if form.errors else 200)


def _saved(form: Any) -> bool:
    data = form.cleaned_data
    try:
        changing.change(company=form.instance, logo=data["logo"], no_logo=data.get("no_logo", False))
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_safe
@staff_view()
def logo(request: HttpRequest) -> HttpResponse:
    """The logo as PNG."""
    picture = ourselves().logo
    if not picture:
        raise Http404
    return HttpResponse(bytes(picture), content_type="image/png")
