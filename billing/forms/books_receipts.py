"""What is typed about receipts of the books kept elsewhere, and about their bank accounts."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from billing.models import BankAccount, BooksAccount
from customers.forms.details import CodeChoiceField
from herotill import forms


class SettleBooksReceiptForm(forms.Form):
    """Whose a receipt that waits is, or why it is left out."""

    IS = (("customer", "It is a customer's money"), ("left", "Leave it out"))
    is_a = django_forms.ChoiceField(
        label="What it is", choices=IS, widget=django_forms.RadioSelect, initial="customer"
    )
    customer = CodeChoiceField(label="Customer", required=False)
    why = django_forms.CharField(label="Why it is left out", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {"customer": "customer", "left": "why"}.get(data.get("is_a", ""))
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, "This is needed.")
        return data


class BooksAccountForm(forms.ModelForm):
    """Which account of ours one in the books is."""

    class Meta:
        model = BooksAccount
        fields = ["account", "starts_on"]
        widgets = {"starts_on": django_forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = BankAccount.objects.filter(retired=False)
        field.label_from_instance = lambda one: f"{one.name}: {one.get_source_display().lower()}"
        field.empty_label = "None yet: its receipts wait"
        field.help_text = "Receipts are booked where ours has the accounting package for its source; else they only confirm."


class AsAtForm(forms.Form):
    """The day debtors are compared as at."""

    as_at = forms.DayField(label="As at")
