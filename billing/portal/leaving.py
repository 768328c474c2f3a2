"""Ending an account or a service: asked for, confirmed once we agreed, taken back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.forms.portal import LeaveForm, StayForm
from billing.models import Cancellation
from billing.selectors import cancellations as reading
from billing.services import cancellations
from customers.portal.answers import theirs
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.network import address_of
from herotill.pages import page, posted
from herotill.portal import private_view

SEES = "billing.view_cancellation"
State = Cancellation.State


@require_http_methods(["GET", "HEAD", "POST"])
@private_view(SEES)
def leaving(request: HttpRequest) -> HttpResponse:
    """What ends and when, where something is on its way; and asking for it."""
    customer, today = theirs(request), timezone.localdate()
    running = reading.all_running(customer=customer)
    form = LeaveForm(
        posted(request),
        accounts=reading.choices(customer),
        earliest=reading.earliest(customer=customer, day=today),
    )
    if form.is_bound and form.is_valid() and _asked(request, form):
        return redirect("portal-leaving")
    return page(
        request,
        "portal/money/leaving.html",
        tab="monthly",
        page_title=_("End a service"),
        running=[
            (one, cancellations.consequences(cancellation=one) if one.whole else None) for one in running
        ],
        form=form if not any(one.whole for one in running) else None,
        earliest=reading.earliest(customer=customer, day=today),
        answer_form=StayForm(),
        today=today,
    )


def _asked(request: HttpRequest, form: LeaveForm) -> bool:
    data = form.cleaned_data
    last_day: date = data["last_day"]
    try:
        cancellations.ask(
            customer=theirs(request),
            accounts=form.chosen,
            reason=data["reason"],
            comment=data["comment"],
            last_day=last_day,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_POST
@private_view(SEES)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer confirms, or stays. What stands by then is on the page they come back to."""
    found = Cancellation.objects.filter(customer=theirs(request), pk=pk).first()
    if found is None:
        raise Http404
    form, stays = StayForm(request.POST), request.POST.get("answer") != "confirm"
    text = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        if found.state == State.APPROVED:
            cancellations.answer_known(
                cancellation=found,
                confirms=not stays,
                text=text,
                address=address_of(request),
                now=timezone.now(),
            )
        elif stays:
            cancellations.withdraw(
                cancellation=found,
                why="Withdrawn by the customer in the portal.",
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
    except DomainError as no:
        messages.warning(request, str(no))
    return redirect("portal-leaving")
