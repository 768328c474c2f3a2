"""Bank statements: taking them in, how they are laid out, what became of them, and signing days off."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from billing.forms.bank import LayoutForm, SignForm, StatementForm, WhyForm
from billing.models import BankAccount, BankRow, Reconciliation, StatementImport
from billing.policies.statements import Layout, Reading, heading_line
from billing.selectors import bank
from billing.services import bank_statements, reconciling
from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import posted

SHOWN = 12
State = StatementImport.State


@staff_view("billing.see_statements")
def statements(request: HttpRequest) -> HttpResponse:
    """The statements taken in, and the place to give the next."""
    form = StatementForm(posted(request), request.FILES or None)
    taking = may(request.user, "billing.import_statements")
    if request.method == "POST" and taking and form.is_valid():
        try:
            return redirect(_received(request, form.cleaned_data))
        except DomainError as no:
            refuse(form, no)
    context = {
        "page_title": "Bank statements",
        "form": form,
        "taking": taking,
        "statements": StatementImport.objects.select_related("account", "created_by", "run")[:50],
        "waits": bank.account_waits(),
        "accounts": BankAccount.objects.filter(retired=False),
    }
    return render(
        request, "billing/bank/statements.html", context, status=422 if request.method == "POST" else 200
    )


def _received(request: HttpRequest, data: dict[str, Any]) -> str:
    """Where a statement that was given leads: to its run where its layout is known, else to its columns."""
    made = bank_statements.receive(
        account=data["account"],
        name=data["file"].name,
        data=data["file"].read(),
        actor=request.user,  # type: ignore[arg-type]
    )
    if made.layout and bank_statements.is_remembered(made):
        layout = Layout.of(made.layout)
        run = bank_statements.start(statement=made, layout=layout, actor=request.user)  # type: ignore[arg-type]
        return reverse("run", args=[run.pk])
    return reverse("billing:statement", args=[made.pk])


@staff_view("billing.see_statements")
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement: its columns before it is read, what became of it afterwards."""
    found = get_object_or_404(StatementImport.objects.select_related("account", "run", "created_by"), pk=pk)
    request.menu_entry = "billing.statements"  # type: ignore[attr-defined]
    if found.state in (State.UPLOADED, State.READING, State.POSTING) and not found.is_at_work:
        return _columns(request, found)
    rows = (
        BankRow.objects.filter(imported=found)
        .select_related("customer")
        .prefetch_related("receipts__customer")
    )
    context = {
        "page_title": found.file_name,
        "statement": found,
        "check": _summed(found),
        "rows": list(rows.order_by("day", "pk")[:500]),
        "may_take_back": found.state == State.DONE and may(request.user, "billing.take_back_statements"),
        "may_match": may(request.user, "billing.match_rows"),
    }
    return render(request, "billing/bank/statement.html", context)


def _summed(found: StatementImport) -> bank.Check | None:
    """What the rows held of the statement's days come to."""
    if found.first is None or found.last is None:
        return None
    return bank.check(account=found.account, first=found.first, last=found.last)


def _columns(request: HttpRequest, found: StatementImport) -> HttpResponse:
    data = bank_statements.contents(found)
    head = list(islice(bank_statements.lines_of(data), 15))
    layout = Layout.of(found.layout) if found.layout else None
    at = (heading_line(bank_statements.lines_of(data), layout) if layout else None) or 0
    form = LayoutForm(posted(request), lines=head, layout=layout, at=at)
    taking = may(request.user, "billing.import_statements")
    if request.method == "POST" and taking and form.is_valid():
        try:
            run = bank_statements.start(statement=found, layout=form.made(), actor=request.user)  # type: ignore[arg-type]
            return redirect("run", run.pk)
        except DomainError as no:
            form.add_error(None, str(no))
    context = {
        "page_title": found.file_name,
        "statement": found,
        "form": form,
        "taking": taking,
        "head": head,
        "sample": _sample(data, layout, at) if layout else [],
    }
    return render(
        request, "billing/bank/columns.html", context, status=422 if request.method == "POST" else 200
    )


def _sample(data: bytes, layout: Layout, at: int) -> list[Any]:
    return list(islice(Reading(layout, at).entries(bank_statements.lines_of(data)), 5))


@staff_view("billing.take_back_statements")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a statement that was given to the wrong account."""
    found = get_object_or_404(StatementImport, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        count = bank_statements.take_back(
            statement=found,
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"Taken back; {count} receipts reversed.", reverse("billing:statements")

    said = "Every receipt booked from it is reversed, and its rows go. What the receipts paid is owed again."
    return answer(
        request,
        form=WhyForm(posted(request)),
        title="Take statement back",
        press="Take statement back",
        do=do,
        said=said,
        danger=True,
    )


@staff_view("billing.see_statements")
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """Days of an account: opening, what each day moved, closing; signed off where it adds up."""
    account = get_object_or_404(BankAccount, pk=pk)
    request.menu_entry = "billing.statements"  # type: ignore[attr-defined]
    form = SignForm(posted(request) or request.GET or None, initial=_next_days(account))
    check, days, off = None, [], None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        check = bank.check(account=account, first=data["first"], last=data["last"])
        days = _running(account, data)
        off = data["closing"] - data["opening"] - check.moved if data["closing"] is not None else None
        if request.method == "POST" and _signed(request, account, form):
            return redirect("billing:reconcile", account.pk)
    context = {
        "page_title": f"Reconcile {account}",
        "account": account,
        "form": form,
        "check": check,
        "days": days,
        "off": off,
        "adds_up": off == 0 and check and not check.unmatched,
        "signed": account.reconciliations.select_related("signed_by", "opened_by")[:24],
        "may_sign": may(request.user, "billing.sign_reconciliation"),
    }
    refused = request.method == "POST"
    return render(request, "billing/bank/reconcile.html", context, status=422 if refused else 200)


def _next_days(account: BankAccount) -> dict[str, Any]:
    """The days after those signed last begin with their closing balance."""
    last = bank.last_signed(account)
    if last is None:
        return {}
    return {"first": last.last + timedelta(days=1), "opening": last.closing}


def _running(account: BankAccount, data: dict[str, Any]) -> list[tuple[Any, int, Any, Any]]:
    balance, days = data["opening"], []
    for day, rows, moved in bank.day_sums(account=account, first=data["first"], last=data["last"]):
        balance += moved
        days.append((day, rows, moved, balance))
    return days


def _signed(request: HttpRequest, account: BankAccount, form: SignForm) -> bool:
    if not may(request.user, "billing.sign_reconciliation"):
        form.add_error(None, "You may not sign days off.")
        return False
    data = form.cleaned_data
    if data["closing"] is None:
        form.add_error("closing", "Give the closing balance.")
        return False
    try:
        reconciling.sign(account=account, actor=request.user, now=timezone.now(), **data)  # type: ignore[arg-type]
    except DomainError as no:
        refuse(form, no)
        return False
    messages.success(request, f"{data['first']} to {data['last']} is signed off.")
    return True


@staff_view("billing.sign_reconciliation")
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open days that were signed off."""
    found = get_object_or_404(Reconciliation, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        reconciling.open_again(
            reconciliation=found,
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return "The days are open again.", reverse("billing:reconcile", args=[found.account_id])

    return answer(
        request, form=WhyForm(posted(request)), title="Open days again", press="Open days again", do=do
    )
