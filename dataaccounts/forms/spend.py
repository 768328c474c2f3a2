"""What a voice line may spend."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from dataaccounts.models import SpendLimit
from herotill.forms import AmountField, Form

MOST = Decimal(9_999_999)


class LimitForm(Form):
    """A day's and a month's limit, exclusive of VAT, and classes of calls that raise an alarm by themselves."""

    per_day = AmountField(
        required=False, min_value=Decimal(0), max_value=MOST, label="A day", help_text="Empty: no limit."
    )
    per_month = AmountField(
        required=False, min_value=Decimal(0), max_value=MOST, label="A month", help_text="Empty: no limit."
    )
    classes = forms.CharField(
        required=False,
        max_length=300,
        label="Classes that raise an alarm",
        help_text="As the price lists call them, with commas between: premium, satellite.",
    )
    tell_customer = forms.BooleanField(
        required=False,
        label="Tell the customer too",
        help_text="The contacts that get usage notices, by mail.",
    )

    def __init__(self, *args: Any, limit: SpendLimit, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "per_day": limit.per_day,
            "per_month": limit.per_month,
            "classes": ", ".join(limit.classes),
            "tell_customer": limit.tell_customer,
        }
        super().__init__(*args, **kwargs)

    def clean_classes(self) -> list[str]:
        parts = [part.strip().lower() for part in self.cleaned_data["classes"].split(",")]
        return sorted({part[:30] for part in parts if part})
