"""VAT rates to come, and what we are for VAT."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.validators import RegexValidator

from herotill import forms
from herotill.reference.models import VatRate

FROM = django_forms.DateInput(attrs={"type": "date"})
TEN_DIGITS = RegexValidator(r"^4[0-9]{9}\Z", "A VAT number has ten digits and begins with 4.")


class RateForm(forms.ModelForm):
    """A rate that was announced."""

    class Meta:
        model = VatRate
        fields = ["starts_on", "rate"]
        widgets = {"starts_on": FROM}


class NumberForm(forms.Form):
    """Our VAT number."""

    vat_number = django_forms.CharField(
        label="VAT number",
        max_length=10,
        validators=[TEN_DIGITS],
        widget=django_forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class StatusForm(NumberForm):
    """What we are for VAT from a day on."""

    starts_on = django_forms.DateField(label="From", widget=FROM)
    is_vendor = django_forms.TypedChoiceField(
        label="From then on we are",
        choices=[("yes", "a VAT vendor"), ("no", "no VAT vendor: we charge no VAT")],
        coerce=lambda value: value == "yes",
    )

    field_order = ("starts_on", "is_vendor", "vat_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_number"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_vendor") and not data.get("vat_number") and "vat_number" not in self.errors:
            self.add_error("vat_number", "A vendor has a VAT number.")
        if data.get("is_vendor") is False:
            data["vat_number"] = ""
        return data
