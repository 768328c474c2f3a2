from __future__ import annotations

from django import forms

from customers.forms.fields import EmailField, EmailsField, PhoneField
from customers.models import Contact, Purpose
from herotill.forms import ModelForm


class ContactForm(ModelForm):
    """A contact person and what messages go to them."""

    email = EmailField(required=False)
    other_emails = EmailsField(required=False, label="Further emails", help_text="With commas between them.")
    phone = PhoneField(required=False, label="Cell number")
    other_phone = PhoneField(required=False, label="Other number")
    purposes = forms.MultipleChoiceField(
        choices=Purpose.choices,
        required=False,
        label="Used for",
        help_text="Messages of these kinds go to this person.",
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )

    class Meta:
        model = Contact
        fields = [
            "name",
            "position",
            "email",
            "other_emails",
            "phone",
            "other_phone",
            "purposes",
            "is_primary",
        ]

    def clean(self) -> dict[str, object]:
        data = super().clean() or self.cleaned_data
        if data.get("is_primary"):
            for name in ("email", "phone"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "The primary contact needs this.")
        mailed = set(data.get("purposes") or ()) - {Purpose.PORTAL}
        if mailed and not data.get("email") and not data.get("phone") and "email" not in self.errors:
            self.add_error("email", "Give an email or a cell number for messages to reach this person.")
        return data
