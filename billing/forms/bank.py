"""What is typed about bank statements: the file, its columns, what a row is, the days to be signed off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from billing.forms.receipts import DAY, in_cells
from billing.models import BankAccount, BankRow, Receipt, RowKind
from billing.policies.bank_cells import read_amount
from billing.policies.statements import Cells, Layout, heading
from customers.forms.details import CodeChoiceField
from herotill import forms
from herotill.typed import number

NAMES = [(kind, label) for kind, label in RowKind.choices if kind in ("fee", "transfer", "reversal", "other")]


class StatementForm(forms.Form):
    """A statement and the account it is of."""

    account = django_forms.ModelChoiceField(
        BankAccount.objects.filter(retired=False), label="Bank account", empty_label="Choose the account"
    )
    file = django_forms.FileField(
        label="Statement", help_text="CSV or XLSX, as the bank's page gives it to download."
    )


class LayoutForm(forms.Form):
    """Which column of a statement means what."""

    headed = django_forms.TypedChoiceField(
        label="Line of the headings",
        coerce=int,
        choices=[],
        help_text="0 where the columns have no headings.",
    )
    day = django_forms.ChoiceField(label="Day")
    texts = django_forms.MultipleChoiceField(
        label="Description and references", widget=django_forms.CheckboxSelectMultiple
    )
    amount = django_forms.ChoiceField(label="Amount, with its sign", required=False)
    credit = django_forms.ChoiceField(label="Money in", required=False)
    debit = django_forms.ChoiceField(label="Money out", required=False)
    fee = django_forms.ChoiceField(label="Fee of the row", required=False)
    balance = django_forms.ChoiceField(label="Balance", required=False)

    def __init__(
        self, *args: Any, lines: Sequence[Cells], layout: Layout | None, at: int, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(layout, at))
        super().__init__(*args, **kwargs)
        self.layout = layout
        fields: dict[str, Any] = self.fields
        fields["headed"].choices = [(0, "None"), *((one.line, f"{one.line}: {_told(one)}") for one in lines)]
        chosen = self._chosen(at)
        columns = _columns(lines, chosen)
        for name in ("day", "texts"):
            fields[name].choices = columns
        for name in ("amount", "credit", "debit", "fee", "balance"):
            fields[name].choices = [("", "No such column"), *columns]

    def _chosen(self, at: int) -> int:
        said = number(str(self.data.get("headed", at)))
        return at if said is None else said

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("amount")) == bool(data.get("credit")):
            raise ValidationError("Choose either the amount with its sign, or the column of money in.")
        return data

    def made(self) -> Layout:
        """The layout that was said; a marker of a known bank stays."""
        data = self.cleaned_data
        names = ("day", "amount", "credit", "debit", "fee", "balance")
        marker = self.layout.marker if self.layout and not data["headed"] else ""
        return Layout(
            name=self.layout.name if self.layout else "By hand",
            texts=tuple(data["texts"]),
            headed=bool(data["headed"]),
            marker=marker,
            **{name: data[name] for name in names},
        )


def _initial(layout: Layout | None, at: int) -> dict[str, Any]:
    if layout is None:
        return {"headed": at}
    names = ("day", "amount", "credit", "debit", "fee", "balance")
    return {"headed": at, "texts": list(layout.texts)} | {name: getattr(layout, name) for name in names}


def _told(line: Cells) -> str:
    return " · ".join(cell for cell in line.cells if cell)[:60]


def _columns(lines: Sequence[Cells], at: int) -> list[tuple[str, str]]:
    """The columns to choose from: the headings of the line chosen, or numbers with what stands there."""
    for line in lines:
        if line.line == at:
            return [(heading(cell), cell) for cell in dict.fromkeys(line.cells) if heading(cell)]
    width = max((len(line.cells) for line in lines), default=0)
    last = lines[-1].cells if lines else ()
    return [
        (str(place + 1), f"{place + 1}: {last[place][:30] if place < len(last) else ''}")
        for place in range(width)
    ]


class BookForm(forms.Form):
    """The customer who paid a row."""

    code = CodeChoiceField(label="Customer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_cells(self)


class NameForm(forms.Form):
    """What a row is that is nobody's payment."""

    kind = django_forms.ChoiceField(choices=NAMES, label="It is a")
    named = django_forms.CharField(
        max_length=100, required=False, label="Called", help_text="Needed for what is something else."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_cells(self)


class ReceiptForm(forms.Form):
    """One of the receipts that a row may show or take back."""

    receipt = django_forms.ModelChoiceField(Receipt.objects.none(), empty_label="Choose the receipt")
    code = django_forms.CharField(max_length=10, required=False, label="Bank's code")

    def __init__(self, *args: Any, row: BankRow, found: Sequence[Receipt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if row.amount > 0:
            del self.fields["code"]
        in_cells(self)
        fields["receipt"].queryset = Receipt.objects.filter(pk__in=[one.pk for one in found]).select_related(
            "customer"
        )
        fields["receipt"].label_from_instance = lambda one: (
            f"{one.receipt_date} {one.customer.code} {one.customer.name}: {one.reference}"
        )


class SignForm(forms.Form):
    """Days of an account, and the balances the bank gives for them."""

    first = django_forms.DateField(label="From", widget=DAY)
    last = django_forms.DateField(label="To", widget=DAY)
    opening = forms.AmountField(read=read_amount, label="Opening balance")
    closing = forms.AmountField(read=read_amount, label="Closing balance", required=False)


class WhyForm(forms.Form):
    """A reason."""

    reason = django_forms.CharField(max_length=300)
