"""What reports of usage ask: from which month to which, by what, in which order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from customers.models import Customer, CustomerGroup
from dataaccounts.policies.voice_numbers import line_number
from herotill.errors import DomainError
from herotill.forms import Form
from herotill.months import Month

MOST_MONTHS, MOST_MONTHS_OF_CALLS = 24, 12


class MonthField(forms.CharField):
    """A month, cleaned to a Month."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), **kwargs)

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        try:
            return Month.of(date.fromisoformat(f"{text}-01"))
        except ValueError:
            raise forms.ValidationError("Write a month as 2018-08.") from None


class MonthsForm(Form):
    """From one month to another, at most two years."""

    most, most_in_words = MOST_MONTHS, "two years"
    first = MonthField(label="From")
    last = MonthField(label="To")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "It ends before it begins.")
        elif first and last and first.plus(self.most) <= last:
            self.add_error("last", f"A report covers at most {self.most_in_words}.")
        return cleaned


class TopForm(MonthsForm):
    """Who used most."""

    by = forms.ChoiceField(label="By", choices=[("account", "Account"), ("customer", "Customer")])
    order = forms.ChoiceField(
        label="Most",
        choices=[("total", "Together"), ("download", "Download"), ("upload", "Upload")],
    )


class PlacesForm(MonthsForm):
    """Where it was used."""

    by = forms.ChoiceField(
        label="By",
        choices=[
            ("package", "Package"),
            ("highsite", "Highsite"),
            ("sector", "Sector"),
            ("nas", "Router (NAS)"),
        ],
    )


class CallsForm(MonthsForm):
    """Whose calls: everybody's, or those of a group, a customer or a line."""

    most, most_in_words = MOST_MONTHS_OF_CALLS, "a year"
    group = forms.ModelChoiceField(
        CustomerGroup.objects.all(), required=False, empty_label="All", label="Customer group"
    )
    customer = forms.CharField(required=False, max_length=20, label="Customer code")
    line = forms.CharField(required=False, max_length=30, label="Line", help_text="As 087 820 1234.")

    def clean_customer(self) -> int | None:
        code = self.cleaned_data["customer"]
        if not code:
            return None
        found = Customer.objects.filter(code=code.upper()).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError("No customer has this code.")
        return found

    def clean_line(self) -> str:
        try:
            return line_number(self.cleaned_data["line"]) if self.cleaned_data["line"] else ""
        except DomainError as no:
            raise forms.ValidationError(str(no)) from None

    def clean_group(self) -> int | None:
        return self.cleaned_data["group"].pk if self.cleaned_data["group"] else None
