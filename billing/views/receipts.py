"""Receipts: the page of one, many captured at once, one payment split over customers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.forms.receipts import GridHead, GridRow, MoveForm, PartForm, ReverseForm, SplitForm, SpreadForm
from billing.models import Receipt
from billing.selectors import receipts as reading
from billing.services import moving, receipt_mails, receipts, spreading
from billing.views.dialogs import answer
from customers.views.picker import is_about
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.money import rand
from herotill.pages import posted

ROWS = 15


def _found(pk: int) -> Receipt:
    receipt = reading.find(pk)
    if receipt is None:
        raise Http404("There is no such receipt.")
    return receipt


@require_safe
@staff_view("billing.view_receipt")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What came in, from where, what it pays, and what became of it."""
    receipt = _found(pk)
    is_about(request, receipt.customer)
    stands = not hasattr(receipt, "reversal")
    context = {
        "page_title": f"Receipt {rand(receipt.amount)}",
        "receipt": receipt,
        "stands": stands,
        "left": reading.left(receipt),
        "paid": reading.paid(receipt),
        "siblings": reading.siblings(receipt),
        "may_mail": not receipt.before and may(request.user, "billing.add_receipt"),
        "may_reverse": stands and may(request.user, "billing.reverse_receipt"),
        "may_move": stands and may(request.user, "billing.move_receipt"),
        "may_allocate": stands and may(request.user, "billing.allocate"),
        "sees_bank": may(request.user, "billing.see_statements"),
    }
    return render(request, "billing/receipts/show.html", context)


@require_POST
@staff_view("billing.add_receipt")
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail a receipt to whoever gets the customer's invoices."""
    receipt = _found(pk)
    try:
        receipt_mails.send(receipt=receipt, now=timezone.now(), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, "The receipt is on its way.")
    except DomainError as no:
        messages.error(request, str(no))
    return redirect(receipt)


@staff_view("billing.reverse_receipt")
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a receipt back: unpaid, recalled, a mistake."""
    receipt = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        receipts.reverse(
            receipt=receipt,
            day=data["reversed_on"],
            reason=data["reason"],
            code=data["code"],
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{rand(receipt.amount)} reversed.", receipt.get_absolute_url()

    form = ReverseForm(posted(request), receipt=receipt, initial={"reversed_on": timezone.localdate()})
    return answer(request, form=form, title="Reverse receipt", press="Reverse receipt", do=do, danger=True)


@staff_view("billing.move_receipt")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a receipt to the customer it belongs to."""
    receipt = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        made = moving.move(
            receipt=receipt,
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
            day=timezone.localdate(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return f"{rand(made.amount)} is {form.cleaned_data['to'].code}'s now.", made.get_absolute_url()

    again = reading.reopened_by(receipt)
    opens = ", ".join(f"{name} {rand(amount)}" for name, amount in again) or "nothing"
    said = f"{receipt.customer.name} ({receipt.customer.code}) owes again: {opens}; and is warned afresh before anything is suspended."
    form = MoveForm(posted(request))
    return answer(request, form=form, title="Move receipt", press="Move receipt", do=do, said=said)


@staff_view("billing.allocate")
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a receipt pays."""
    receipt = _found(pk)
    live = [one for one in reading.paid(receipt) if one.ends_on is None]

    def do(form: Any) -> tuple[str, str]:
        spreading.spread(
            receipt=receipt,
            undo=form.undone,
            amounts=form.amounts,
            day=timezone.localdate(),
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return "Allocated.", receipt.get_absolute_url()

    form = SpreadForm(posted(request), live=live, owed=reading.owed(customer=receipt.customer))
    said = f"{rand(reading.left(receipt))} of {rand(receipt.amount)} is unallocated."
    return answer(
        request, form=form, title="What this receipt pays", press="Save allocation", do=do, said=said
    )


@staff_view("billing.add_receipt")
def capture(request: HttpRequest) -> HttpResponse:
    """Many receipts at once, typed row after row. What is wrong with one keeps all that was typed."""
    head = GridHead(posted(request))
    rows = [_row(request, number) for number in range(ROWS)]
    if request.method == "POST" and _captured(request, head, rows):
        return redirect("billing:receipts-capture")
    context = {
        "page_title": "Capture receipts",
        "head": head,
        "form": head,
        "rows": rows,
    }
    return render(
        request, "billing/receipts/capture.html", context, status=422 if request.method == "POST" else 200
    )


def _row(request: HttpRequest, number: int) -> GridRow:
    initial = {"day": timezone.localdate()}
    return GridRow(posted(request), prefix=str(number), initial=initial, auto_id="id_%s")


def _captured(request: HttpRequest, head: GridHead, rows: Sequence[GridRow]) -> bool:
    filled = [(place, row) for place, row in enumerate(rows) if not row.is_blank]
    wrong = [row for _, row in filled if not row.is_valid()]
    if not head.is_valid() or wrong:
        return False
    if not filled:
        head.add_error(None, "Type at least one receipt.")
        return False
    account = head.cleaned_data["account"].pk
    if not _asked_twice(account, [row for _, row in filled]):
        return False
    made = [
        receipts.NewReceipt(
            customer_id=row.cleaned_data["code"].pk,
            account_id=account,
            receipt_date=row.cleaned_data["day"],
            amount=row.cleaned_data["amount"],
            source_reference=f"captured-{head.cleaned_data['token']}",
            part=place,
            reference=row.cleaned_data["reference"],
            method=head.cleaned_data["method"],
        )
        for place, row in filled
    ]
    return _booked(request, head, made, f"{len(made)} receipts captured")


def _asked_twice(account: int, rows: Sequence[GridRow]) -> bool:
    """Whether each receipt that stands already, or twice in the grid, is said to be a second payment."""
    keys = [
        (account, row.cleaned_data["code"].pk, row.cleaned_data["day"], row.cleaned_data["amount"])
        for row in rows
    ]
    known = reading.same_many(keys)
    for key, row in zip(keys, rows, strict=True):
        if key in known and not row.cleaned_data["twice"]:
            row.add_error("twice", "Captured already. Tick Second if it was paid again.")
        known.add(key)
    return not any(row.errors for row in rows)


def _booked(request: HttpRequest, form: Any, made: Sequence[receipts.NewReceipt], said: str) -> bool:
    try:
        receipts.capture_many(receipts=made, actor=request.user)  # type: ignore[arg-type]
    except DomainError as no:
        form.add_error(None, str(no))
        return False
    total = sum((one.amount for one in made), Decimal(0))
    messages.success(request, f"{said}, {rand(total)}.")
    return True


@staff_view("billing.add_receipt")
def split(request: HttpRequest) -> HttpResponse:
    """One payment for several customers: a receipt each, which together are the whole."""
    form = SplitForm(posted(request), initial={"receipt_date": timezone.localdate()})
    parts = [PartForm(posted(request), prefix=str(number)) for number in range(SplitForm.ROWS)]
    if request.method == "POST" and _split(request, form, parts):
        return redirect("billing:receipts")
    context = {"page_title": "Split a payment", "form": form, "parts": parts}
    return render(
        request, "billing/receipts/split.html", context, status=422 if request.method == "POST" else 200
    )


def shares(parts: Sequence[PartForm]) -> list[tuple[int, Decimal]] | None:
    """Customer and amount of each share; None where one is wrong."""
    if [part for part in parts if not part.is_valid()]:
        return None
    filled = [part.cleaned_data for part in parts if part.cleaned_data.get("code")]
    return [(one["code"].pk, one["amount"]) for one in filled]


def _split(request: HttpRequest, form: SplitForm, parts: Sequence[PartForm]) -> bool:
    wanted = shares(parts)
    if not form.is_valid() or wanted is None:
        return False
    data = form.cleaned_data
    total = sum((amount for _, amount in wanted), Decimal(0))
    if total != data["total"]:
        form.add_error("total", f"The shares come to {rand(total)}.")
        return False
    made = [
        receipts.NewReceipt(
            customer_id=customer,
            account_id=data["account"].pk,
            receipt_date=data["receipt_date"],
            amount=amount,
            source_reference=f"captured-{data['token']}",
            part=place,
            reference=data["reference"],
            method=data["method"],
        )
        for place, (customer, amount) in enumerate(wanted)
    ]
    return _booked(request, form, made, f"Split over {len(made)} customers")
