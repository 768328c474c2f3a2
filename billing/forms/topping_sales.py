"""What is asked when a topping or bundle is sold and paid at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms as django_forms

from billing.forms.receipts import CaptureForm
from customers.models import Customer
from dataaccounts.models import DataAccount, ToppingOffer
from herotill.money import rand


class _Priced(django_forms.ModelChoiceField):
    """Offers by their names and what they cost."""

    costs: Mapping[int, Decimal] = {}

    def label_from_instance(self, obj: ToppingOffer) -> str:
        cost = self.costs.get(obj.pk)
        return f"{obj}, {'no price yet' if cost is None else rand(cost)}"


class SellToppingForm(CaptureForm):
    """The receipt, and what it buys for which account."""

    data_account = django_forms.ModelChoiceField(
        DataAccount.objects.none(), label="Data account", empty_label=None
    )
    offer = _Priced(
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

    def __init__(self, *args: Any, customer: Customer, costs: Mapping[int, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        open_ones = DataAccount.objects.filter(customer=customer).exclude(state="cancelled")
        self.fields["data_account"].queryset = open_ones.select_related("customer")  # type: ignore[attr-defined]
        self.fields["offer"].costs = costs  # type: ignore[attr-defined]
        self.fields["names"].widget = django_forms.HiddenInput()
