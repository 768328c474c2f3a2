"""Receipts from the books kept elsewhere: how they come in, which wait, and whose bank accounts are ours."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing.forms.books_receipts import BooksAccountForm, SettleBooksReceiptForm
from billing.models import BooksAccount, BooksReading, BooksReceipt
from billing.policies.books_receipts import named_there
from billing.selectors import books_receipts as reading
from billing.services import books_receipts
from billing.views.dialogs import answer
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.jobs import nudge
from herotill.lists.views.dialogs import dialog
from herotill.money import rand
from herotill.pages import posted
from herotill.users.models import User

SEE, SETTLE, SYNC = "billing.view_booksreceipt", "billing.settle_booksreceipt", "billing.sync_books"
READINGS = 20


@require_safe
@staff_view(SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """How receipts come in: what waits, the last readings, the bank accounts there."""
    used = reading.connected()
    sees_accounts = may(request.user, "billing.view_booksaccount")
    accounts = BooksAccount.objects.filter(company=used.company_id if used else "").select_related("account")
    context = {
        "page_title": "SageOne: receipts",
        "used": used,
        "company": reading.company(),
        "waiting": reading.waiting(),
        "readings": BooksReading.objects.filter(company=used.company_id if used else "")[:READINGS],
        "accounts": accounts if sees_accounts else [],
        "tax_types": reading.tax_types(used) if used and sees_accounts else [],
        "sees_accounts": sees_accounts,
        "may_map": may(request.user, "billing.change_booksaccount"),
        "may_read_all": may(request.user, SETTLE),
        "may_sync": used is not None and may(request.user, SYNC),
    }
    return render(request, "billing/books/receipts.html", context)


@require_POST
@staff_view(SYNC)
def sync(request: HttpRequest) -> HttpResponse:
    """Have receipts asked for now: what changed; all of them for who settles them, as it costs calls of the day."""
    whole = request.POST.get("whole") == "1"
    if whole and not may(request.user, SETTLE):
        raise PermissionDenied
    nudge(books_receipts.WHOLE_JOB if whole else books_receipts.JOB)
    messages.success(request, "SageOne is asked now. What it tells stands here in a moment.")
    return redirect("billing:books-receipts-overview" if may(request.user, SEE) else "start")


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One receipt as it was told, and what it is here."""
    found = get_object_or_404(
        BooksReceipt.objects.select_related("receipt__customer", "decided_by", "given_to"), pk=pk
    )
    account = BooksAccount.objects.filter(company=found.company, their_id=found.their_account).first()
    context = {
        "page_title": f"{rand(found.amount)} of {found.day}",
        "row": found,
        "account": account,
        "there": named_there(found.payer, found.payer_code),
        "may_settle": found.state == found.State.WAITS and may(request.user, SETTLE),
    }
    return dialog(request, "billing/books/receipt.html", context)


def _named(row: BooksReceipt) -> str:
    """The code that its customer carries there, or that the bank reference begins with, if it is a customer's."""
    codes = [row.payer_code, row.reference.split(" ")[0][:12].upper()]
    known = set(Customer.objects.filter(code__in=codes).values_list("code", flat=True))
    return next((code for code in codes if code in known), "")


@staff_view(SETTLE)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose one that waits is, or leave it out."""
    found = get_object_or_404(BooksReceipt, pk=pk)
    actor = cast(User, request.user)

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        if data["is_a"] == "left":
            books_receipts.leave(row=found, why=data["why"], actor=actor)
            return "Left out.", reverse("billing:books-receipts")
        books_receipts.give(row=found, customer=data["customer"], actor=actor)
        return f"{rand(found.amount)} booked to {data['customer'].code}.", reverse("billing:books-receipts")

    there = named_there(found.payer, found.payer_code)
    said = f"{found.day}, {rand(found.amount)}, {found.reference}: {found.trouble}"
    form = SettleBooksReceiptForm(posted(request), initial={"customer": _named(found)})
    return answer(
        request,
        form=form,
        title="Whose receipt this is",
        press="Settle",
        do=do,
        stays=True,
        said=f"{said} There it is {there}." if there else said,
    )


@staff_view("billing.change_booksaccount")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which account of ours one there is."""
    found = get_object_or_404(BooksAccount, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        theirs = BooksAccount.objects.get(pk=found.pk)
        books_receipts.map_account(theirs=theirs, account=data["account"], starts_on=data["starts_on"])
        return f"{found.name}: said.", reverse("billing:books-receipts-overview")

    form = BooksAccountForm(posted(request), instance=found)
    return answer(request, form=form, title=f"{found.name} in SageOne", press="Save", do=do)


@require_POST
@staff_view("billing.change_booksaccount")
def look(request: HttpRequest) -> HttpResponse:
    """Have the company, its bank accounts and kinds of VAT asked for anew."""
    nudge(books_receipts.SET_UP_JOB)
    messages.success(request, "SageOne is asked for its bank accounts and kinds of VAT.")
    return redirect("billing:books-receipts-overview")
