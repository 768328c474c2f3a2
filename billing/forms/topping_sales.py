"""What is asked when a topping or bundle is sold and paid at once."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from billing.forms.receipts import CaptureForm
from customers.models import Customer
from dataaccounts.models import DataAccount, ToppingOffer


class SellToppingForm(CaptureForm):
    """The receipt, and what it buys for which account."""

    data_account = django_forms.ModelChoiceField(
        DataAccount.objects.none(), label="Data account", empty_label=None
    )
    offer = django_forms.ModelChoiceField(
        ToppingOffer.objects.filter(retired=False), label="Topping or bundle", empty_label="Choose"
    )
    field_order = (
        "data_account",
        "offer",
        "amount",
        "receipt_date",
        "account",
        "method",
        "reference",
        "note",
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        open_ones = DataAccount.objects.filter(customer=customer).exclude(state="cancelled")
        self.fields["data_account"].queryset = open_ones.select_related("customer")  # type: ignore[attr-defined]
        self.fields["names"].widget = django_forms.HiddenInput()
