"""What reports ask: which days, which month, and the file of the old age analysis."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.forms.statements import DaysForm
from herotill.forms import Form

MOST_DAYS = 1_100  # three years and a bit


class ReportDaysForm(DaysForm):
    """From one day to another, at most three years."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and (last - first).days > MOST_DAYS:
            self.add_error("last", "A report covers at most three years.")
        return cleaned


class TakeOverForm(Form):
    """The old system's age analysis and the day it is of."""

    as_at = forms.DateField(
        label="As at", widget=forms.DateInput(attrs={"type": "date"}), help_text="The day of the cut-over."
    )
    file = forms.FileField(
        label="Age analysis of the old system",
        help_text="CSV with the columns Code, 120 Days+, 90 Days, 60 Days, 30 Days and Current.",
    )
