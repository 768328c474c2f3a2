"""Statements and transaction reports on the screen, as PDF and as files; and statements to many."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.statements import DaysForm
from billing.models import BankAccount, MailedStatement
from billing.pdf import words
from billing.selectors import ageing
from billing.selectors import statements as reading
from billing.selectors.statements import Account
from billing.services import statements
from billing.tabular import Figures, taken
from customers.models import Customer
from customers.views.picker import is_about
from customers.views.profile import find_customer
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError

PDF = "application/pdf"
BALANCE = "customers.see_customer_balance"
Form = MailedStatement.Form


def _asked(request: HttpRequest, customer: Customer) -> tuple[DaysForm, date, date]:
    """The days of the address; the usual ones where none or nonsense are given."""
    usual = statements.period(today=timezone.localdate(), customer=customer.pk)
    form = DaysForm(
        request.GET if "first" in request.GET else None, initial={"first": usual[0], "last": usual[1]}
    )
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["first"], form.cleaned_data["last"]
    return form, *usual


def _shown(request: HttpRequest, code: str) -> tuple[Customer, DaysForm, Account]:
    customer = find_customer(code)
    is_about(request, customer)
    form, first, last = _asked(request, customer)
    return customer, form, reading.account(customer=customer.pk, first=first, last=last)


@require_safe
@staff_view(BALANCE)
def statement(request: HttpRequest, code: str) -> HttpResponseBase:
    """A customer's statement: opening balance, entries, what is owed by age, where to pay."""
    customer, form, shown = _shown(request, code)
    if request.GET.get("format"):
        return taken(request, _statement_rows(customer, shown))
    context = _context(request.user, customer, form, shown, "Statement")
    return render(request, "billing/statements/statement.html", context)


@require_safe
@staff_view(BALANCE)
def transactions(request: HttpRequest, code: str) -> HttpResponseBase:
    """A customer's transaction report: each entry with what settled it and what of it is open."""
    customer, form, shown = _shown(request, code)
    found = reading.transactions(customer=customer.pk, shown=shown)
    if request.GET.get("format"):
        return taken(request, _transaction_rows(customer, found))
    context = _context(request.user, customer, form, shown, "Transaction report") | {"transactions": found}
    return render(request, "billing/statements/transactions.html", context)


def _context(user: Any, customer: Customer, form: DaysForm, shown: Account, title: str) -> dict[str, Any]:
    return {
        "page_title": f"{title} {customer.code}",
        "title": title,
        "customer": customer,
        "form": form,
        "shown": shown,
        "buckets": list(zip(ageing.BUCKETS, shown.aged, strict=True)),
        "stamp": reading.stamp(timezone.now(), reading.freshness()),
        "bank": BankAccount.objects.filter(printed=True).first(),
        "may_send": may(user, "billing.send_statements"),
        "query": f"first={shown.first}&last={shown.last}",
    }


@require_safe
@staff_view(BALANCE)
def statement_pdf(request: HttpRequest, code: str) -> HttpResponse:
    return _pdf(request, code, Form.STATEMENT)


@require_safe
@staff_view(BALANCE)
def transactions_pdf(request: HttpRequest, code: str) -> HttpResponse:
    return _pdf(request, code, Form.TRANSACTIONS)


def _pdf(request: HttpRequest, code: str, form: str) -> HttpResponse:
    customer = find_customer(code)
    _, first, last = _asked(request, customer)
    made = statements.pdf(customer=customer, first=first, last=last, now=timezone.now(), form=form)
    return as_download(HttpResponse(made.content, content_type=PDF), made.filename)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("billing.send_statements")
def many(request: HttpRequest) -> HttpResponse:
    """Mails statements to everybody who owes, has credit or had anything posted; a run does it."""
    first, last = statements.period(today=timezone.localdate())
    form = DaysForm(request.POST or None, initial={"first": first, "last": last})
    if request.method == "POST" and form.is_valid():
        try:
            run = statements.begin(customers=None, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            return redirect("run", run.pk)
    context = {"page_title": "Email statements", "form": form}
    return render(request, "billing/statements/many.html", context, status=422 if form.errors else 200)


def _statement_rows(customer: Customer, shown: Account) -> Figures:
    rows: list[list[Any]] = [[shown.first, "", "Balance brought forward", None, None, shown.opening]]
    rows += [[one.day, one.name, one.label, one.debit, one.credit, one.balance] for one in shown.entries]
    rows.append([shown.last, "", "Closing balance", None, None, shown.closing])
    if shown.deposits:
        rows.append([shown.last, "", words.deposits_held(shown.deposits), None, None, None])
    head = ("Date", "Document", "Description", "Charged", "Paid or credited", "Balance")
    return Figures("statement", f"statement-{customer.code}-{shown.last}", head, rows)


def _transaction_rows(customer: Customer, found: list[reading.Transaction]) -> Figures:
    head = ("Date", "Kind", "Number", "Amount", "Open", "Balance", "Settled by")
    rows = [
        [
            one.entry.day,
            one.entry.label,
            one.entry.name,
            one.entry.amount,
            one.open,
            one.entry.balance,
            ", ".join(f"{other.reference or other.label} {other.amount}" for other in one.settled),
        ]
        for one in found
    ]
    return Figures("transactions", f"transactions-{customer.code}", head, rows)
