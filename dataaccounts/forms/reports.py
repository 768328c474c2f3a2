"""What reports of usage ask: from which month to which, by what, in which order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from herotill.forms import Form
from herotill.months import Month

MOST_MONTHS = 24


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

    first = MonthField(label="From")
    last = MonthField(label="To")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "It ends before it begins.")
        elif first and last and first.plus(MOST_MONTHS) <= last:
            self.add_error("last", "A report covers at most two years.")
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
