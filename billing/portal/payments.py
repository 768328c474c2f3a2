"""What was paid: the list, each payment with what it settled, and its paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.models import Receipt
from billing.selectors import own_account, receipts
from billing.services import receipt_prints
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.downloads import as_download
from herotill.pages import page
from herotill.typed import number


def _find(request: HttpRequest, pk: int) -> Receipt:
    found = own_account.receipt(customer=theirs(request), pk=pk)
    if found is None:
        raise Http404
    return found


@require_safe
@portal_view("billing.view_receipt")
def listed(request: HttpRequest) -> HttpResponse:
    """All payments, the newest first."""
    rows, further = own_account.receipts_of(customer=theirs(request), after=number(request.GET.get("after")))
    return page(
        request,
        "portal/money/payments.html",
        tab="payments",
        page_title=_("Payments"),
        rows=rows,
        further=further,
    )


@require_safe
@portal_view("billing.view_receipt")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment, and what it paid."""
    found = _find(request, pk)
    return page(
        request,
        "portal/money/payment.html",
        tab="payments",
        page_title=_("Payment"),
        receipt=found,
        paid=own_account.paid_by(found),
        left=receipts.left(found),
    )


@require_safe
@portal_view("billing.view_receipt")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as it stands today."""
    made = receipt_prints.pdf(receipt=_find(request, pk), day=timezone.localdate())
    return as_download(HttpResponse(made.content, content_type="application/pdf"), made.filename)
