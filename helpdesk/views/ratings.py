"""Ratings at the desk: one rating, acknowledging it, asking for one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import trigger_client_event

from billing.views.dialogs import answer
from customers.models import Customer
from helpdesk.forms.ratings import AskForm
from helpdesk.lists.ratings import what
from helpdesk.models import Rating
from helpdesk.services import ratings as services
from herotill.access import may, staff_view
from herotill.lists.views.dialogs import changed, dialog
from herotill.pages import posted

SEE, ACKNOWLEDGE, ASK = (
    "helpdesk.view_rating",
    "helpdesk.acknowledge_rating",
    "helpdesk.request_rating",
)


@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One rating, all of it. The button says that it was read."""
    with_all = Rating.objects.select_related("customer", "about", "department", "acknowledged_by", "ticket")
    rating = get_object_or_404(with_all, pk=pk)
    may_acknowledge = may(request.user, ACKNOWLEDGE)
    if request.method == "POST" and may_acknowledge:
        done = services.acknowledge(ratings=[rating.pk], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        said = "Rating acknowledged." if done else "It was acknowledged before."
        return changed(request, said, reverse("helpdesk:ratings"))
    context = {
        "page_title": "Rating",
        "rating": rating,
        "what": what(rating.kind, rating.subject_id),
        "may_acknowledge": may_acknowledge and rating.submitted_at and not rating.acknowledged_at,
    }
    return dialog(request, "helpdesk/ratings/_rating.html", context)


@staff_view(ASK)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a customer by mail what they think of us."""
    customer = get_object_or_404(Customer, code=code)

    def do(form: Any) -> tuple[str, str]:
        services.ask_in_general(customer=customer, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "The link is on its way.", customer.get_absolute_url()

    response = answer(
        request,
        form=AskForm(posted(request)),
        title="Request rating",
        press="Send link",
        do=do,
        stays=True,
        said=f"{customer.name} gets a mail with a link to rate us from 1 to 5. It works once, for some days.",
    )
    return trigger_client_event(response, "customer-ratings") if response.status_code == 204 else response
