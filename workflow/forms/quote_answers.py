"""What a customer fills in on the page of a quote."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.forms.fields import EmailField, PhoneField
from customers.models import Customer
from customers.policies.numbers import is_identity_number
from herotill.forms import Form
from workflow.models import DeclineReason, Lead, Quote
from workflow.policies.quoting import DETAILS
from workflow.selectors import quotes as reading

# What a phone may fill in by itself, and the order in which all is asked.
FILLED = {
    "company_name": "organization",
    "first_names": "given-name",
    "surname": "family-name",
    "phone": "tel",
    "email": "email",
    "physical_lines": "street-address",
    "physical_town": "address-level2",
    "physical_postal_code": "postal-code",
}
PAYMENT = [choice for choice in Customer.PaymentMethod.choices if choice[0]]


def _text(label: str, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **more)


def _street(label: str) -> forms.CharField:
    return _text(label, 1000, widget=forms.Textarea(attrs={"rows": 2, "wide": True}))


class SignForm(Form):
    """The yes to a quote: a name in place of a signature, and the terms."""

    signed_by = forms.CharField(
        label="Sign with your full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "wide": True}),
    )
    agreed = forms.BooleanField(
        label="I accept this quote and its terms.",
        error_messages={"required": "Tick this to accept the quote."},
    )

    @property
    def details(self) -> dict[str, str]:
        """What was filled in, by the names of the fixed list."""
        return {name: str(self.cleaned_data[name]) for name in DETAILS if self.cleaned_data.get(name)}


class AcceptForm(SignForm):
    """The yes of somebody who is no customer yet: with their own details.

    Nothing is filled in for them but the name the quote is addressed to.
    """

    kind = forms.ChoiceField(label="I accept as", choices=Lead.Kind.choices, widget=forms.RadioSelect)
    company_name = _text("Company name", 200)
    registration_number = _text("Company registration number", 40)
    vat_number = _text("VAT number", 20)
    first_names = _text("First names", 200)
    surname = _text("Surname", 200)
    id_number = _text("ID or passport number", 40)
    contact_name = _text("Whom may we ask for?", 200)
    phone = PhoneField(label="Cell number", max_length=40)
    other_phone = PhoneField(label="Other number", max_length=40, required=False)
    email = EmailField(label="Email", max_length=254)
    physical_lines = _street("Street")
    physical_suburb = _text("Suburb", 100)
    physical_town = _text("Town", 100)
    physical_postal_code = _text("Postal code", 20)
    physical_directions = _text(
        "How to find it",
        500,
        help_text="Gate, dogs, which turn to take.",
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
    )
    postal_lines = _street("Street or box")
    postal_suburb = _text("Suburb", 100)
    postal_town = _text("Town", 100)
    postal_postal_code = _text("Postal code", 20)
    payment_method = forms.ChoiceField(
        label="How would you like to pay?", choices=PAYMENT, widget=forms.RadioSelect
    )

    field_order = (*DETAILS, "signed_by", "agreed")

    def __init__(self, *args: Any, quote: Quote, **kwargs: Any) -> None:
        lead = quote.lead
        named = ("kind", "company_name", "first_names", "surname")
        initial = {name: getattr(lead, name) for name in named} if lead else {}
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("company_name", "first_names", "id_number", "physical_lines", "physical_town"):
            self.fields[name].must = True  # type: ignore[attr-defined]
        for name, what in FILLED.items():
            self.fields[name].widget.attrs["autocomplete"] = what

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Lead.Kind.COMPANY:
            data["first_names"] = data["surname"] = data["id_number"] = ""
            self._need("company_name", "Give the company's name.")
            self._need("contact_name", "Give the name of somebody at the company.")
        elif data.get("kind"):
            data["company_name"] = data["registration_number"] = data["vat_number"] = ""
            if not data.get("surname"):
                self._need("first_names", "Give your name.")
            self._check_identity(data.get("id_number", ""))
        self._need("physical_lines", "Give the street, or the farm, where the service is to be.")
        self._need("physical_town", "Give the town.")
        return data

    def _need(self, name: str, text: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, text)

    def _check_identity(self, number: str) -> None:
        digits = number.replace(" ", "")
        if not digits:
            self._need("id_number", "Give your ID number, or that of your passport.")
        elif digits.isdecimal() and len(digits) == 13 and not is_identity_number(digits):
            self.add_error("id_number", "This ID number has a mistake in it. Please look again.")


class DeclineForm(Form):
    """The no, with the reason."""

    reason = forms.ModelChoiceField(DeclineReason.objects.none(), label="Why?", empty_label="Choose")
    words = _text("Would you tell us more?", 1000, widget=forms.Textarea(attrs={"rows": 3, "wide": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = reading.decline_reasons()  # type: ignore[attr-defined]
