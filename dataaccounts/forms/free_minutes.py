"""What the dialogs of free minutes ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dataaccounts.forms.reports import MonthField
from herotill.forms import Form
from herotill.months import Month

MOST = 50_000


class GiveForm(Form):
    """How many minutes of which class, from when."""

    call_class = forms.ChoiceField(label="Class of calls", help_text="As the price list calls them.")
    minutes = forms.IntegerField(
        min_value=0, max_value=MOST, label="Free minutes a month", help_text="What is left at its end lapses."
    )
    month = MonthField(
        label="From the month", help_text="Calls that are not charged yet are priced anew; charged ones stay."
    )

    def __init__(self, *args: Any, classes: Sequence[str], month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call_class"].choices = [(name, name) for name in classes]  # type: ignore[attr-defined]
        self.fields["month"].initial = month


class EndForm(Form):
    """From when a class has none any more."""

    call_class = forms.CharField(widget=forms.HiddenInput)
    month = MonthField(label="None from the month")

    def __init__(self, *args: Any, month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = month
