"""A voucher, put on a prepaid service. Guessing codes is made slow, as guessing passwords is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.models import Customer
from customers.portal.answers import theirs
from dataaccounts.forms.portal import VoucherForm
from dataaccounts.models import DataAccount
from dataaccounts.services import vouchers
from herotill.access import portal_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.network import address_of, network_of
from herotill.pages import page, posted
from herotill.users.services import throttle


@require_http_methods(["GET", "HEAD", "POST"])
@portal_view("dataaccounts.view_topping")
def redeem(request: HttpRequest) -> HttpResponse:
    """Type a code; what it holds is on the service at once."""
    customer = theirs(request)
    prepaid = list(DataAccount.objects.filter(customer=customer, prepaid=True).exclude(state="cancelled"))
    form = VoucherForm(posted(request), accounts=prepaid)
    wait = 0
    if form.is_bound and form.is_valid():
        try:
            account = _redeemed(request, customer, form)
        except throttle.TooSoon as trouble:
            wait = trouble.seconds
            form.add_error(
                None, _("Too many tries. Wait %(seconds)s seconds and try again.") % {"seconds": wait}
            )
        except DomainError as no:
            refuse(form, no)
        else:
            messages.success(request, _("Your voucher is redeemed."))
            return redirect("portal-service", account.pk)
    answer = page(
        request, "portal/services/voucher.html", page_title=_("Redeem a voucher"), form=form, prepaid=prepaid
    )
    if wait:
        answer.status_code = 429
        answer.headers["Retry-After"] = str(wait)
    return answer


def _redeemed(request: HttpRequest, customer: Customer, form: VoucherForm) -> DataAccount:
    """Count the try, then redeem. Raises TooSoon, and DomainError for a code that is no good."""
    network = network_of(address_of(request))
    tried = throttle.admit(action="voucher", name=customer.code, network=network)
    account: DataAccount = form.cleaned_data["account"]
    code = form.cleaned_data["code"]
    vouchers.redeem(code=code, account=account, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
    tried.succeeded()
    return account
