"""Our debtors beside those of the books kept elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing.forms.books_receipts import AsAtForm
from billing.selectors import ageing, books_ageing
from billing.selectors.books_receipts import connected
from billing.services import books_ageing as asking
from billing.tabular import Figures, taken
from billing.views.reports import page
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.months import Month
from herotill.users.models import User

LINKS = ("customers.view_customer", "billing.view_bookscustomer", "billing.push_to_books")
HEADINGS = (
    "Code",
    "SageOne ID",
    "Customer",
    *(f"{name} (SageOne)" for name in ageing.BUCKETS),
    *ageing.BUCKETS,
    "Difference",
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("billing.view_booksageing")
def compared(request: HttpRequest) -> HttpResponseBase:
    """What was told last beside ours; a POST has it asked for anew, as at a day."""
    used = connected()
    may_ask = used is not None and may(request.user, "billing.sync_books")
    form = AsAtForm(initial={"as_at": _usual(timezone.localdate(), used.starts_on if used else None)})
    if request.method == "POST" and may_ask:
        form = AsAtForm(request.POST)
        if form.is_valid() and (run := _asked(form, request)):
            return redirect("run", run)
    newest = books_ageing.newest()
    found = books_ageing.beside(newest) if newest else None
    if newest and found and request.GET.get("format"):
        rows = books_ageing.Everybody(newest, found.many)
        return taken(request, Figures("books-ageing", f"sageone-debtors-{newest.as_at}", HEADINGS, rows))
    shown: dict[str, Any] = {
        "newest": newest,
        "found": found,
        "form": form,
        "may_ask": may_ask,
        "may_link": used is not None and all(may(request.user, right) for right in LINKS),
        "buckets": ageing.BUCKETS,
        "shown": books_ageing.SHOWN,
        "counted": ageing.Way(newest.by_months, newest.from_due).words if newest else "",
    }
    response = page(request, "books-ageing", shown)
    response.status_code = 422 if form.errors else 200
    return response


def _usual(today: date, starts_on: date | None) -> date:
    """The end of last month, once the books count that far back; else today."""
    last = Month.of(today).plus(-1).last
    return today if starts_on and last < starts_on else last


def _asked(form: AsAtForm, request: HttpRequest) -> int | None:
    try:
        day, actor = form.cleaned_data["as_at"], cast(User, request.user)
        return asking.ask(as_at=day, actor=actor, now=timezone.now()).pk
    except DomainError as no:
        refuse(form, no)
        return None
