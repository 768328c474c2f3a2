"""What is asked about statements: which days, and in which form."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.models import MailedStatement
from herotill.forms import Form


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DaysForm(Form):
    """From one day to another, both included."""

    first = forms.DateField(label="From", widget=_day())
    last = forms.DateField(label="To", widget=_day())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day comes before the first.")
        return cleaned


class PeriodForm(DaysForm):
    """The days, and whether it is a statement or a transaction report."""

    form = forms.ChoiceField(
        label="What", choices=MailedStatement.Form.choices, initial=MailedStatement.Form.STATEMENT
    )
    field_order = ("form", "first", "last")
