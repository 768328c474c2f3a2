"""The statement of any days, on the screen and as PDF."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from billing.forms.portal import StatementForm
from billing.selectors import statements as reading
from billing.services import statements
from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.downloads import as_download
from herotill.pages import page

BALANCE = "customers.see_customer_balance"
AGES = (
    gettext_lazy("Newer than 30 days"),
    gettext_lazy("30 days"),
    gettext_lazy("60 days"),
    gettext_lazy("90 days"),
    gettext_lazy("120 days and older"),
)


def _asked(request: HttpRequest) -> tuple[StatementForm, date, date]:
    """The days of the address; the usual ones where none or nonsense are given."""
    usual = statements.period(today=timezone.localdate(), customer=theirs(request).pk)
    form = StatementForm(
        request.GET if "first" in request.GET else None, initial={"first": usual[0], "last": usual[1]}
    )
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["first"], form.cleaned_data["last"]
    return form, *usual


@require_safe
@portal_view(BALANCE)
def statement(request: HttpRequest) -> HttpResponse:
    """Opening balance, every entry, and how old what is owed is."""
    form, first, last = _asked(request)
    shown = reading.account(customer=theirs(request).pk, first=first, last=last)
    return page(
        request,
        "portal/money/statement.html",
        tab="statement",
        page_title=_("Statement"),
        status=200,  # nonsense in the address gives the usual days
        form=form,
        shown=shown,
        ages=list(zip(AGES, reversed(shown.aged), strict=True)),
    )


@require_safe
@portal_view(BALANCE)
def paper(request: HttpRequest) -> HttpResponse:
    """The same as PDF."""
    _form, first, last = _asked(request)
    made = statements.pdf(customer=theirs(request), first=first, last=last, now=timezone.now())
    return as_download(HttpResponse(made.content, content_type="application/pdf"), made.filename)
