from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from customers.models import Asset, Customer
from herotill.forms import Form, ModelForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AssetForm(ModelForm):
    """Equipment at one customer; the place is one of the customer's addresses."""

    installed_on = forms.DateField(required=False, widget=DAY)

    class Meta:
        model = Asset
        fields = [
            "description",
            "model",
            "serial_number",
            "mac_address",
            "owner",
            "address",
            "installed_on",
            "note",
        ]

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].queryset = customer.addresses.all()  # type: ignore[attr-defined]
        self.fields["address"].empty_label = "Not said"  # type: ignore[attr-defined]

    def clean_mac_address(self) -> str:
        """Kept as AA:BB:CC:DD:EE:FF, however it was written."""
        text: str = self.cleaned_data["mac_address"]
        digits = re.sub(r"[^0-9A-Fa-f]", "", text).upper()
        if text and (len(digits) != 12 or re.search(r"[^0-9A-Fa-f:.\- ]", text)):
            raise ValidationError("A MAC address has twelve digits 0-9, A-F, such as 00:0C:42:1F:65:E9.")
        return ":".join(digits[n : n + 2] for n in range(0, len(digits), 2))


class ReturnForm(Form):
    """The day on which equipment came back."""

    returned_on = forms.DateField(label="Came back on", widget=DAY)
