"""Forms of devices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dataaccounts.models import DataAccount, Device
from dataaccounts.services.devices import told_as
from herotill.forms import Form, ModelForm


class DeviceForm(Form):
    """A device of one of a customer's accounts."""

    account = forms.ModelChoiceField(DataAccount.objects.none(), label="Data account", empty_label=None)
    mac = forms.CharField(label="MAC address", max_length=40)
    text = forms.CharField(label="What it is", max_length=100, required=False)

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]

    def clean_mac(self) -> str:
        """Kept as AA:BB:CC:DD:EE:FF, however it was written."""
        mac = told_as(self.cleaned_data["mac"])
        if not mac:
            raise ValidationError("A MAC address has twelve digits 0-9, A-F, such as 80:2A:A8:24:E8:61.")
        return mac


class NameForm(ModelForm):
    """What a device is."""

    class Meta:
        model = Device
        fields = ["text"]
