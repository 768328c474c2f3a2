"""The public sign-up form, and what keeps machines out of it without asking anybody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing

from customers.forms.fields import EmailField, PhoneField
from herotill.forms import Form
from workflow.policies.sign_up import QUICKEST, SLOWEST

SALT = "sign-up"
ONCE_MORE = "Please press the button once more."


def new_stamp(now: datetime) -> str:
    """Says when a form was opened, and which one it was; nobody else can write it."""
    return signing.dumps([uuid4().hex, int(now.timestamp())], salt=SALT)


def _typed(kind: str, fills: str, **more: str) -> dict[str, str]:
    return {"autocomplete": fills, "inputmode": kind} | more


class SignUpForm(Form):
    """Who somebody is, where they live and what they want: no more than is needed to call them back."""

    town = forms.CharField(
        max_length=100,
        label="Town or city",
        widget=forms.TextInput(attrs=_typed("text", "address-level2", list="places")),
    )
    suburb = forms.CharField(
        max_length=100,
        required=False,
        label="Suburb or farm",
        widget=forms.TextInput(attrs=_typed("text", "address-level3")),
    )
    tell_when_covered = forms.BooleanField(required=False, label="Tell me once you reach us")
    lines = forms.CharField(
        max_length=300,
        required=False,
        label="Street and number",
        widget=forms.TextInput(attrs=_typed("text", "street-address")),
    )
    first_names = forms.CharField(
        max_length=100, label="First name", widget=forms.TextInput(attrs=_typed("text", "given-name"))
    )
    surname = forms.CharField(
        max_length=100, label="Surname", widget=forms.TextInput(attrs=_typed("text", "family-name"))
    )
    company_name = forms.CharField(
        max_length=200,
        required=False,
        label="Company",
        help_text="Only if it is for a company.",
        widget=forms.TextInput(attrs=_typed("text", "organization")),
    )
    phone = PhoneField(label="Cell number", max_length=30, widget=forms.TextInput(attrs=_typed("tel", "tel")))
    email = EmailField(
        label="Email",
        max_length=254,
        widget=forms.EmailInput(attrs=_typed("email", "email", spellcheck="false")),
    )
    wants = forms.CharField(
        required=False,
        max_length=1000,
        label="What are you looking for?",
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )
    marketing = forms.BooleanField(
        required=False, label="You may also send me offers by email or SMS. I can end this at any time."
    )
    nothing = forms.CharField(
        required=False,
        max_length=500,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_from_a_machine(self) -> bool:
        """Whether the field that no person sees was filled."""
        return bool(self.data.get("nothing"))

    def opened(self, now: datetime) -> str:
        """Which opening of the form this is; "" where it was sent too soon or too late, or the stamp is not ours."""
        try:
            nonce, at = signing.loads(str(self.data.get("stamp", "")), salt=SALT)
        except signing.BadSignature:
            return ""
        waited = now.timestamp() - at
        return str(nonce) if QUICKEST.total_seconds() <= waited <= SLOWEST.total_seconds() else ""

    def values(self) -> dict[str, Any]:
        """The lead's values. Call it on a valid form only."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "nothing"}
        if not data["company_name"]:
            return data | {"kind": "individual"}
        contact = f"{data['first_names']} {data['surname']}".strip()
        return data | {"kind": "company", "contact_name": contact, "first_names": "", "surname": ""}
