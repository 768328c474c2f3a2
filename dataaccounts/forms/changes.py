"""What a change of package asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from dataaccounts.forms.accounts import MOST, described, packages
from dataaccounts.forms.fields import PreviewWidget
from dataaccounts.models import DataAccount
from herotill.forms import AmountField, DayField, Form


class _Change(Form):
    """To which package, when, why, and for who may give accounts prices of their own at which."""

    package: forms.ModelChoiceField = forms.ModelChoiceField(None, empty_label="Choose")

    takes_effect_on = DayField(label="Takes effect on", help_text="Today: at once.")
    price = AmountField(
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        label="Custom price from then on",
        help_text="A month. Empty: the customer's price list.",
    )
    keeps_price = forms.BooleanField(required=False, label="Keep the custom price it has")
    reason = forms.CharField(max_length=200)
    preview = forms.Field(required=False, label="What it means", widget=PreviewWidget(""))

    def __init__(
        self, *args: Any, today: date, preview_url: str, priced: bool, staff: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["package"].queryset = packages(staff=staff)  # type: ignore[attr-defined]
        self.fields["package"].label_from_instance = described  # type: ignore[attr-defined]
        if not priced:
            del self.fields["price"], self.fields["keeps_price"]
        self.fields["takes_effect_on"].initial = today
        self.fields["preview"].widget.url = preview_url


class ScheduleForm(_Change):
    """Another package for one of a customer's accounts."""

    account: forms.ModelChoiceField = forms.ModelChoiceField(None, empty_label=None)
    field_order = ("account", "package", "takes_effect_on")

    def __init__(self, *args: Any, accounts: Sequence[DataAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [account.pk for account in accounts]
        self.fields["account"].queryset = DataAccount.objects.filter(pk__in=ids)  # type: ignore[attr-defined]


class SwitchForm(_Change):
    """Prepaid, or monthly again; perhaps with another package."""

    account = forms.CharField(widget=forms.HiddenInput, required=False)
    prepaid = forms.CharField(widget=forms.HiddenInput, required=False)
    package: forms.ModelChoiceField = forms.ModelChoiceField(
        None, required=False, empty_label="The same package"
    )
    field_order = ("package", "takes_effect_on")

    def __init__(self, *args: Any, account: DataAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].initial = account.pk
        self.fields["prepaid"].initial = "" if account.prepaid else "yes"
        if not account.prepaid:
            self.fields.pop("price", None)
            self.fields.pop("keeps_price", None)


class AnswerForm(Form):
    """Why a customer does not get the package that they asked for."""

    answer = forms.CharField(max_length=200, label="Why", help_text="The customer reads it.")
