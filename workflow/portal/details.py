"""What we have about the customer, whether it is still right, and what they ask to be changed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer
from customers.portal.answers import theirs
from customers.selectors import own_things
from customers.services import details_checks
from herotill.access import portal_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.network import address_of
from herotill.pages import done, me, page, posted, told
from herotill.portal import private_view, seat, sees
from workflow.forms.change_requests import AskForm
from workflow.forms.portal import FORMS, title
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading
from workflow.selectors import own_details
from workflow.services import change_requests

CUSTOMER, PAYMENT, REQUEST = (
    "customers.view_customer",
    "billing.view_debitdetail",
    "workflow.view_changerequest",
)
HOME, LIST = "portal-details", "portal-changes"
LATEST = 5


@require_safe
@portal_view(CUSTOMER)
def details(request: HttpRequest) -> HttpResponse:
    """What we have about them, and where to ask for something else."""
    customer = theirs(request)
    private = seat(request).sees_private
    requests = reading.of(customer, limit=LATEST) if private and sees(request, REQUEST) else []
    context = _what_stands(request, customer) | {
        "requests": [(one, change_requests.what(one)) for one in requests],
        "check": own_things.check_waiting(customer) if private else None,
        "may_ask": private,
        "page_title": gettext("My details"),
    }
    return page(request, "portal/workflow/details.html", **context)


def _what_stands(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Our details of them as they read them; what is private only where it may be seen."""
    private = seat(request).sees_private
    return {
        "customer": customer,
        "groups": own_details.groups(customer, ChangeRequest.Kind.DETAILS),
        "numbers": own_details.identity(customer) if private and sees(request, change_fields.SEES_ID) else [],
        "payment": own_details.groups(customer, ChangeRequest.Kind.PAYMENT)
        if private and sees(request, PAYMENT)
        else None,
    }


@require_safe
@private_view(CUSTOMER)
def check(request: HttpRequest) -> HttpResponse:
    """What staff asked them to look through."""
    asked = own_things.check_waiting(theirs(request))
    context = _what_stands(request, theirs(request)) | {
        "check": asked,
        "labels": [gettext(str(label)) for value, label in asked.What.choices if value in asked.what]
        if asked
        else [],
        "page_title": gettext("Please check your details"),
    }
    return page(request, "portal/workflow/check.html", **context)


@require_POST
@private_view(CUSTOMER)
def all_right(request: HttpRequest) -> HttpResponse:
    """They looked, and it is."""
    details_checks.answer(customer=theirs(request), changed=False, actor=me(request), now=timezone.now())
    return done(request, gettext("Thank you. You confirmed your details."), HOME)


@private_view(REQUEST)
def ask(request: HttpRequest, what: str) -> HttpResponse:
    """Ask for changes of one kind."""
    kind = what
    if kind not in FORMS:
        raise Http404
    customer = theirs(request)
    form = FORMS[kind](posted(request), customer=customer)
    if request.method == "POST" and form.is_valid() and (asked := _asked(request, kind, form)):
        says = gettext("We have your request and will look at it. Nothing changes before that.")
        return done(request, says, "portal-change", asked.pk)
    waiting = reading.waiting().filter(customer=customer, kind=kind).first()
    context = {"kind": kind, "waiting": waiting, "page_title": title(kind, customer)}
    return page(request, "portal/workflow/ask.html", form=form, **context)


def _asked(request: HttpRequest, kind: str, form: AskForm) -> ChangeRequest | None:
    """The request; nothing where it could not be made, which the form then says."""
    customer, data, now = theirs(request), form.cleaned_data, timezone.now()
    try:
        asked = change_requests.ask(
            customer=customer,
            kind=kind,
            wanted=AskForm.asked(kind, customer, data) | _other_type(kind, customer),
            number=data.get("number", ""),
            words=data["words"],
            address=address_of(request),
            actor=me(request),
            now=now,
        )
    except DomainError as no:
        refuse(form, no)
        return None
    details_checks.answer(customer=customer, changed=True, actor=me(request), now=now)
    return asked


def _other_type(kind: str, customer: Customer) -> dict[str, str]:
    if kind != ChangeRequest.Kind.CONVERSION:
        return {}
    return {"kind": change_fields.other(customer.kind)}


@require_safe
@private_view(REQUEST)
def changes(request: HttpRequest) -> HttpResponse:
    """What they asked to be changed, newest first, and what became of it."""
    rows = [(one, change_requests.what(one)) for one in reading.of(theirs(request), limit=50)]
    return page(request, "portal/workflow/changes.html", requests=rows, page_title=gettext("My changes"))


def _one(request: HttpRequest, pk: int) -> ChangeRequest:
    found = reading.one(pk)
    if found is None or found.customer_id != theirs(request).pk:
        raise Http404
    return found


@require_safe
@private_view(REQUEST)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what they asked for, beside what stands or stood."""
    one = _one(request, pk)
    rights = [right for right in (change_fields.SEES_ID,) if sees(request, right)]
    compared = reading.comparison(one, sees=rights)
    return page(
        request,
        "portal/workflow/change.html",
        one=one,
        rows=[row for row in compared.rows if row.differs or one.kind != ChangeRequest.Kind.DETAILS],
        ends_mandate=one.state == ChangeRequest.State.WAITING and reading.ends_mandate(one),
        page_title=gettext(str(one.get_kind_display())),
    )


@require_POST
@private_view(REQUEST)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """They do not want it any more."""
    one = _one(request, pk)
    gone = told(
        request,
        lambda: change_requests.withdraw(request=one, actor=me(request), now=timezone.now()),
        gettext("You took the request back. Nothing changes."),
    )
    return redirect(LIST) if gone else redirect("portal-change", pk)
