"""What a technician types on the phone; each deed has its form."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from customers.models import Asset
from herotill.forms import DayField, Form
from herotill.reference.models import Product
from workflow.forms.photos import PhotoForm
from workflow.forms.surveys import FoundForm
from workflow.models import FailReason
from workflow.policies import phone


class SendingForm(Form):
    """What every deed carries: its key, and when it was done by the phone's clock."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    made_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What the deed itself takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "made_at")}


class CheckForm(SendingForm):
    """A thing of the checklist, ticked or written down; nothing takes it back."""

    item = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(required=False, max_length=500)


class PictureForm(PhotoForm, SendingForm):
    """A photo, perhaps for a thing of the checklist."""

    item = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs |= {"capture": "environment", "accept": "image/*"}
        self.fields["photo"].help_text = ""

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "photo"}


class MaterialForm(SendingForm):
    """What was used."""

    text = forms.CharField(label="What", max_length=200, required=False)
    product = forms.ModelChoiceField(
        label="From the price list",
        queryset=Product.objects.none(),
        required=False,
        empty_label="Something else",
    )
    quantity = forms.DecimalField(
        label="How many",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    billed = forms.BooleanField(label="The customer pays for it", required=False)

    field_order = ("product", "text", "quantity", "billed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["product"]
        field.queryset = Product.objects.filter(retired=False).order_by("name_key")

    def clean_quantity(self) -> Any:
        quantity = self.cleaned_data["quantity"]
        if not quantity:
            raise ValidationError("Say how many.")
        return quantity

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        product = data.get("product")
        data["text"] = data.get("text") or (product.name if product else "")
        if not data["text"]:
            self.add_error("text", "Say what was used.")
        if data.get("billed") and not product:
            self.add_error("product", "What the customer pays for is on the price list.")
        return data


class EquipmentForm(SendingForm):
    """A radio or router that is put in, as it stands on its label."""

    description = forms.CharField(label="What it is", max_length=200, initial="Radio")
    model = forms.CharField(label="Make and model", max_length=100, required=False)
    serial_number = forms.CharField(
        label="Serial number",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "scan": True}),
    )
    mac_address = forms.CharField(
        label="MAC address",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "scan": True}),
    )
    owner = forms.ChoiceField(label="Whose", choices=Asset.Owner.choices, initial=Asset.Owner.ISP)

    def clean_mac_address(self) -> str:
        """Kept as AA:BB:CC:DD:EE:FF, however it was scanned."""
        text: str = self.cleaned_data["mac_address"]
        digits = re.sub(r"[^0-9A-Fa-f]", "", text).upper()
        if text and (len(digits) != 12 or re.search(r"[^0-9A-Fa-f:.\- ]", text)):
            raise ValidationError("A MAC address has twelve digits 0-9, A-F, such as 00:0C:42:1F:65:E9.")
        return ":".join(digits[n : n + 2] for n in range(0, len(digits), 2))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("serial_number") and not data.get("mac_address") and not self.errors:
            self.add_error("serial_number", "Scan or type the serial number or the MAC address.")
        return data


class CompleteForm(SendingForm):
    """The end of a job: what was done, since when it serves, and the customer's signature."""

    report = forms.CharField(
        label="What was done",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )
    starts_service_on = DayField(label="Service begins on", required=False)
    signed_by = forms.CharField(label="Name of who signs", max_length=200, required=False)
    signature = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)
    typed = forms.BooleanField(label="Signs with the name instead of the glass", required=False)

    def _clean_text(self, name: str, value: str) -> None:
        """Strokes are many figures, no text."""
        if name != "signature":
            super()._clean_text(name, value)

    def clean_signature(self) -> Any:
        text = self.cleaned_data["signature"]
        if not text:
            return None
        try:
            strokes = json.loads(text)
        except (ValueError, RecursionError):
            strokes = None
        if not phone.is_signature(strokes):
            raise ValidationError("This is no signature. Clear it and sign again.")
        return strokes

    def values(self) -> dict[str, Any]:
        values = super().values()
        if values.pop("typed") and not values["signature"]:
            values["signature"] = phone.TYPED
        return values


class FailForm(SendingForm):
    """Why the job could not be done."""

    reason = forms.ModelChoiceField(label="Why", queryset=FailReason.objects.none(), empty_label="Choose")
    words = forms.CharField(
        label="More about it",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.queryset = FailReason.objects.filter(retired=False)


class SurveyForm(FoundForm, SendingForm):
    """What a survey found, from the site."""


JOB_FORMS: dict[str, type[SendingForm]] = {
    "start": SendingForm,
    "check": CheckForm,
    "photo": PictureForm,
    "material": MaterialForm,
    "equipment": EquipmentForm,
    "connect": SendingForm,
    "test": SendingForm,
    "complete": CompleteForm,
    "fail": FailForm,
}
SURVEY_FORMS: dict[str, type[SendingForm]] = {"found": SurveyForm, "photo": PictureForm}
