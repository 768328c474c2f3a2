"""What is typed about receipts, one by one and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from billing.models import Allocation, BankAccount, OpenItem, Receipt, Refund
from billing.selectors import receipts as reading
from billing.services.receipts import NewReceipt
from customers.forms.details import CodeChoiceField
from customers.models import Customer
from herotill import forms
from herotill.money import rand

DAY = django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AGAIN = "Two payments of the same amount on one day are two payments"


def in_cells(form: django_forms.Form) -> None:
    """Let the fields of a form that stands in a table or a line look as fields do."""
    for field in form.fields.values():
        if not isinstance(field.widget, django_forms.CheckboxInput):
            field.widget.attrs["class"] = "input"


def _has_come(form: django_forms.Form, name: str) -> Any:
    """The day in a field that begins with today: money has come, it is not to come."""
    day, today = form.cleaned_data[name], form.get_initial_for_field(form.fields[name], name)
    if day and today and day > today:
        raise ValidationError("That day is still to come.")
    return day


def captured_into() -> Any:
    """The accounts whose receipts are captured by hand: each account has one source."""
    return BankAccount.objects.filter(source=BankAccount.Source.CAPTURE, retired=False)


_USUAL = (BankAccount.Kind.BANK, BankAccount.Kind.GATEWAY, BankAccount.Kind.CASH)
_PAID_BY = {BankAccount.Kind.CASH: Receipt.Method.CASH, BankAccount.Kind.GATEWAY: Receipt.Method.CARD}


def offer_accounts(form: django_forms.Form) -> None:
    """Offer the accounts that are captured into: a bank's first, and how money comes into that one."""
    accounts, fields = captured_into(), form.fields
    fields["account"].queryset = accounts  # type: ignore[attr-defined]
    usual = min(accounts, key=lambda one: (_USUAL.index(one.kind), not one.printed), default=None)
    if usual:
        fields["account"].initial = usual.pk
        fields["method"].initial = _PAID_BY.get(usual.kind, Receipt.Method.EFT)


class CaptureForm(forms.Form):
    """One receipt of one customer. A second of the same account, day and amount is asked about."""

    receipt_date = django_forms.DateField(label="Date received", widget=DAY)
    account = django_forms.ModelChoiceField(
        BankAccount.objects.none(), label="Bank account", empty_label="Choose the account"
    )
    amount = forms.AmountField(above_zero=True, label="Amount")
    method = django_forms.ChoiceField(choices=Receipt.Method.choices, label="Paid by")
    reference = django_forms.CharField(max_length=100, required=False, label="Bank reference")
    names = django_forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label="For",
        help_text="The oldest is paid first otherwise.",
    )
    note = django_forms.CharField(max_length=300, required=False)
    twice = django_forms.BooleanField(required=False, label=AGAIN, widget=django_forms.HiddenInput)
    token = forms.token_field()

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        offer_accounts(self)
        fields: dict[str, Any] = self.fields
        open_documents = reading.open_documents(customer=customer)
        fields["names"].choices = [
            ("", "The oldest first"),
            *((pk, f"{name}, {rand(left)} open") for pk, name, left in open_documents),
        ]

    def clean_receipt_date(self) -> Any:
        return _has_come(self, "receipt_date")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data["twice"] and self._same(data):
            self.fields["twice"].widget = django_forms.CheckboxInput()
            self.add_error(
                "twice",
                f"{rand(data['amount'])} on {data['receipt_date']} into {data['account']} is captured already."
                " Tick this if it was paid a second time.",
            )
        return data

    def _same(self, data: Mapping[str, Any]) -> list[Receipt]:
        return reading.same(
            account_id=data["account"].pk,
            day=data["receipt_date"],
            amount=data["amount"],
            customer_id=self.customer.pk,
        )

    def new(self) -> NewReceipt:
        """The receipt that was typed."""
        data = self.cleaned_data
        return NewReceipt(
            customer_id=self.customer.pk,
            account_id=data["account"].pk,
            receipt_date=data["receipt_date"],
            amount=data["amount"],
            source_reference=f"captured-{data['token']}",
            reference=data["reference"],
            method=data["method"],
            note=data["note"],
            names_id=data["names"],
        )


class ReverseForm(forms.Form):
    """Why a receipt does not stand, and from when."""

    reversed_on = django_forms.DateField(label="As at", widget=DAY)
    reason = django_forms.CharField(max_length=300, label="Reason")
    code = django_forms.CharField(
        max_length=10, required=False, label="Bank's code", help_text="Of an unpaid or recall, such as 02."
    )

    def __init__(self, *args: Any, receipt: Receipt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receipt = receipt
        again = reading.reopened_by(receipt)
        opens = (
            ", ".join(f"{name} {rand(amount)}" for name, amount in again) or "nothing: it pays nothing yet"
        )
        self.fields["reason"].help_text = f"Owed again afterwards: {opens}."

    def clean_reversed_on(self) -> date:
        day: date = _has_come(self, "reversed_on")
        if day < self.receipt.receipt_date:
            raise ValidationError("That is before the day it was received.")
        return day


class MoveForm(forms.Form):
    """To whom a receipt belongs instead."""

    to = CodeChoiceField(label="Customer it belongs to")
    reason = django_forms.CharField(max_length=300)


class SpreadForm(forms.Form):
    """What a receipt pays: allocations to undo, and amounts for what is open."""

    undo = django_forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=django_forms.CheckboxSelectMultiple, label="Undo"
    )

    def __init__(
        self, *args: Any, live: Sequence[Allocation], owed: Sequence[OpenItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.pk, f"{rand(one.amount)} for {_name(one.debit)}") for one in live]
        if choices:
            self.fields["undo"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["undo"]
        for item in owed:
            self.fields[f"pay_{item.entry_id}"] = forms.AmountField(
                above_zero=True, required=False, label=f"For {_name(item.entry)}, {rand(item.open)} open"
            )

    @property
    def undone(self) -> list[int]:
        return list(self.cleaned_data.get("undo", []))

    @property
    def amounts(self) -> dict[int, Decimal]:
        """By the entry that is paid."""
        chosen = (
            (name, value) for name, value in self.cleaned_data.items() if name.startswith("pay_") and value
        )
        return {int(name.removeprefix("pay_")): value for name, value in chosen}


def _name(entry: Any) -> str:
    return entry.reference or entry.get_kind_display()


class GridHead(forms.Form):
    """What all rows of a capture grid share."""

    account = django_forms.ModelChoiceField(
        BankAccount.objects.none(), label="Bank account", empty_label=None
    )
    method = django_forms.ChoiceField(choices=Receipt.Method.choices, label="Paid by")
    token = forms.token_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_accounts(self)


class GridRow(forms.Form):
    """One row of the grid; an empty one is passed over."""

    code = CodeChoiceField(required=False)
    day = django_forms.DateField(required=False, widget=DAY, label="Date")
    amount = forms.AmountField(above_zero=True, required=False)
    reference = django_forms.CharField(max_length=100, required=False)
    twice = django_forms.BooleanField(required=False, label="Second payment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_cells(self)

    @property
    def is_blank(self) -> bool:
        """Nothing but the day, which stands there by itself, was typed."""
        return not any(
            self.data.get(self.add_prefix(name), "").strip() for name in ("code", "amount", "reference")
        )

    def clean_day(self) -> Any:
        return _has_come(self, "day")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("code", "day", "amount"):
            if not self.is_blank and not data.get(name) and name not in self.errors:
                self.add_error(name, "This is missing.")
        return data

    @property
    def faults(self) -> list[str]:
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]


class SplitForm(forms.Form):
    """Money that came for several customers at once."""

    ROWS = 8

    account = django_forms.ModelChoiceField(
        BankAccount.objects.none(), label="Bank account", empty_label=None
    )
    receipt_date = django_forms.DateField(label="Date received", widget=DAY)
    total = forms.AmountField(above_zero=True, label="Amount in all")
    reference = django_forms.CharField(max_length=100, required=False, label="Bank reference")
    method = django_forms.ChoiceField(choices=Receipt.Method.choices, label="Paid by")
    token = forms.token_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_accounts(self)

    def clean_receipt_date(self) -> Any:
        return _has_come(self, "receipt_date")


class PartForm(forms.Form):
    """One customer's share."""

    code = CodeChoiceField(required=False)
    amount = forms.AmountField(above_zero=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_cells(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("code")) != bool(data.get("amount")) and not self.errors:
            raise ValidationError("A share takes a code and an amount.")
        return data


class RefundForm(forms.Form):
    """How much credit is to be paid back, where to, and why."""

    amount = forms.AmountField(above_zero=True, label="Amount")
    account = django_forms.ModelChoiceField(
        BankAccount.objects.none(), label="Paid out of", empty_label="Choose the account"
    )
    destination = django_forms.ChoiceField(choices=Refund.Destination.choices, label="Goes")
    receipt = django_forms.ModelChoiceField(
        Receipt.objects.none(), required=False, label="Receipt it came with", empty_label="None of these"
    )
    verified = django_forms.CharField(
        max_length=300,
        required=False,
        label="How the account was verified",
        help_text="Where the money did not come from there: who confirmed it, how, and its last four digits.",
    )
    reason = django_forms.CharField(max_length=300)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        credit = reading.credit(customer=customer)
        fields["amount"].help_text = f"{rand(credit)} of credit is unallocated."
        fields["account"].queryset = BankAccount.objects.filter(retired=False)
        fields["receipt"].queryset = (
            Receipt.objects.filter(customer=customer, reversal=None)
            .select_related("account")
            .order_by("-receipt_date", "-pk")
        )
        fields["receipt"].label_from_instance = lambda one: (
            f"{one.receipt_date} {rand(one.amount)} {one.get_method_display()}, {one.account}"
        )
