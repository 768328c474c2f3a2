"""Beginning to look at the portal as a customer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from customers.forms.portal import LookForm
from customers.services import portal_looks
from customers.views.picker import is_about
from customers.views.profile import find_customer
from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import dialog, gone_to
from herotill.users import doors

TEMPLATE = "customers/look.html"


@staff_view("customers.look_at_portal")
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Asks why; then the portal opens as this customer sees it, and nothing can be changed there."""
    customer = find_customer(code)
    is_about(request, customer)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        try:
            token = portal_looks.begin(
                customer=customer,
                staff=user,
                reason=form.cleaned_data["reason"],
                session_key=request.session.session_key or "",
                now=timezone.now(),
            )
        except DomainError as no:
            refuse(form, no)
        else:
            return _shown(request, token)
    context = {"customer": customer, "form": form, "page_title": "Look at the portal"}
    return dialog(request, TEMPLATE, context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, token: str) -> HttpResponse:
    response = gone_to(request, doors.PORTAL.home)
    response.set_cookie(
        doors.LOOK,
        token,
        max_age=int(portal_looks.LASTS.total_seconds()) * 4,  # so that what comes after the end is led back
        path=settings.PORTAL_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return response
