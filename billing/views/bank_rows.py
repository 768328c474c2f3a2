"""The queue of bank rows that nobody has named, worked through one by one, with keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.forms.bank import BookForm, NameForm, ReceiptForm
from billing.forms.receipts import PartForm, SplitForm
from billing.models import Alias, BankAccount, BankRow
from billing.selectors import bank
from billing.services import bank_rows
from billing.views.dialogs import answer
from billing.views.receipts import shares
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form
from herotill.pages import posted
from herotill.typed import number

LISTED = 25


@require_safe
@staff_view("billing.see_statements")
def unmatched(request: HttpRequest) -> HttpResponse:
    """The row at hand with who may have paid it, and those that wait after it."""
    account = number(request.GET.get("account"))
    waiting = bank.unmatched(account)
    row = waiting.select_related("account").filter(pk=number(request.GET.get("row")) or 0).first()
    listed = list(waiting.select_related("account")[:LISTED])
    row = row or next(iter(listed), None)
    undone = (
        BankRow.objects.filter(pk=number(request.GET.get("after")) or 0).exclude(kind="unmatched").first()
    )
    context: dict[str, Any] = {
        "page_title": "Unmatched bank rows",
        "row": row,
        "listed": listed,
        "count": waiting.count(),
        "account": account,
        "waits": bank.account_waits(),
        "may_match": may(request.user, "billing.match_rows"),
        "undone": undone,
    }
    return render(request, "billing/bank/unmatched.html", context | (_about(row) if row else {}))


def _about(row: BankRow) -> dict[str, Any]:
    """What may be made of a row."""
    books = row.account.source == BankAccount.Source.STATEMENT and row.amount > 0
    found = bank.receipts_taken_back(row) if row.amount < 0 else [] if books else bank.receipts_shown(row)
    after = bank.unmatched().filter(day__gte=row.day).exclude(pk=row.pk)
    following = after.filter(day__gt=row.day) | after.filter(pk__gt=row.pk)
    return {
        "payers": bank.payers(row) if books else [],
        "books": books,
        "kind": bank.kind_of(row),
        "book_form": BookForm(),
        "name_form": NameForm(initial={"kind": bank.kind_of(row) or "fee"}),
        "receipt_form": ReceiptForm(row=row, found=found) if found else None,
        "next": following.order_by("day", "pk").first(),
    }


def _row(pk: int) -> BankRow:
    return get_object_or_404(BankRow.objects.select_related("account"), pk=pk, gone=False)


def _done(request: HttpRequest, row: BankRow, do: Callable[[], Any], said: str) -> HttpResponse:
    """Do it, and go on with the next row; a no is said, and the row stays at hand."""
    account = number(request.GET.get("account"))
    back = reverse("billing:unmatched") + "?" + (f"account={account}&" if account else "")
    try:
        do()
    except DomainError as no:
        messages.error(request, str(no))
        return redirect(f"{back}row={row.pk}")
    messages.success(request, said)
    return redirect(f"{back}after={row.pk}")


@require_POST
@staff_view("billing.match_rows")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a suggestion: the customer whose id was sent paid this row."""
    row = _row(pk)
    customer = Customer.objects.filter(pk=number(request.POST.get("customer")) or 0).first()
    if customer is None:
        raise Http404("There is no such customer.")
    return _book(request, row, customer, BankRow.How.ACCEPTED)


@require_POST
@staff_view("billing.match_rows")
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a row to the customer whose code was typed."""
    row, form = _row(pk), BookForm(request.POST)
    if not form.is_valid():
        return _said_no(request, row, form)
    return _book(request, row, form.cleaned_data["code"], BankRow.How.HAND)


def _book(request: HttpRequest, row: BankRow, customer: Customer, how: str) -> HttpResponse:
    parts = [bank_rows.Part(customer.pk, row.amount)]
    return _done(
        request,
        row,
        lambda: bank_rows.book(row=row, parts=parts, how=how, actor=request.user, now=timezone.now()),  # type: ignore[arg-type]
        f"{row.text} is {customer.code}'s.",
    )


def _said_no(request: HttpRequest, row: BankRow, form: Any) -> HttpResponse:
    sentences = [str(one) for errors in form.errors.values() for one in errors]
    messages.error(request, " ".join(sentences))
    return redirect(f"{reverse('billing:unmatched')}?row={row.pk}")


@require_POST
@staff_view("billing.match_rows")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a row is a fee, a transfer, a reversal or something else."""
    row, form = _row(pk), NameForm(request.POST)
    if not form.is_valid():
        return _said_no(request, row, form)
    data = form.cleaned_data
    return _done(
        request,
        row,
        lambda: bank_rows.name(row=row, actor=request.user, now=timezone.now(), **data),  # type: ignore[arg-type]
        f"{row.text}: {data['named'] or data['kind']}.",
    )


@require_POST
@staff_view("billing.match_rows")
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which receipt a row shows, or takes back."""
    row = _row(pk)
    found = bank.receipts_taken_back(row) if row.amount < 0 else bank.receipts_shown(row)
    form = ReceiptForm(request.POST, row=row, found=found)
    if not form.is_valid():
        return _said_no(request, row, form)
    given: Any = {
        "row": row,
        "receipt": form.cleaned_data["receipt"],
        "actor": request.user,
        "now": timezone.now(),
    }
    if row.amount < 0:
        code = form.cleaned_data["code"]
        return _done(request, row, lambda: bank_rows.bounce(**given, code=code), "Receipt reversed.")
    return _done(request, row, lambda: bank_rows.confirm(**given), "Receipt confirmed.")


@staff_view("billing.match_rows")
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split a row over customers; the shares are the whole."""
    row = _row(pk)
    request.menu_entry = "billing.unmatched"  # type: ignore[attr-defined]
    parts = [PartForm(posted(request), prefix=str(number)) for number in range(SplitForm.ROWS)]
    wanted = shares(parts) if request.method == "POST" else None
    fault = ""
    if wanted:
        try:
            shared = [bank_rows.Part(*one) for one in wanted]
            bank_rows.book(row=row, parts=shared, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
            messages.success(request, f"Split over {len(shared)} customers.")
            return redirect(f"{reverse('billing:unmatched')}?after={row.pk}")
        except DomainError as no:
            fault = str(no)
    elif wanted is not None:
        fault = "Type at least one share."
    context = {"page_title": "Split a bank row", "row": row, "parts": parts, "fault": fault}
    return render(
        request, "billing/bank/split.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
@staff_view("billing.match_rows")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said of a row; it is at hand again."""
    row = _row(pk)
    try:
        bank_rows.undo(row=row, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, "Undone: the row waits again.")
    except DomainError as no:
        messages.error(request, str(no))
    return redirect(f"{reverse('billing:unmatched')}?row={row.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("billing.match_rows")
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget in which words a bank names a payer."""
    alias = get_object_or_404(Alias.objects.select_related("customer"), pk=pk)
    means = f"{alias.customer.code} {alias.customer.name}" if alias.customer else alias.get_kind_display()

    def do(form: Form) -> tuple[str, str]:
        bank_rows.forget(aliases=[alias.pk])
        return "Forgotten.", reverse("billing:payers")

    said = f"“{alias.text}” suggests {means} until it is forgotten. What was booked stays."
    return answer(
        request, form=Form(posted(request)), title="Forget a payer’s words", press="Forget", do=do, said=said
    )
