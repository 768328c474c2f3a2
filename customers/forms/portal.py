from __future__ import annotations

from typing import Any

from django import forms

from customers.models import Contact, Customer, Purpose
from herotill.forms import Form


class PortalLinkForm(Form):
    """Which of the contacts with portal access gets the link."""

    contact = forms.ModelChoiceField(queryset=Contact.objects.none(), empty_label=None, label="Send it to")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(customer=customer, purposes__contains=[Purpose.PORTAL]).exclude(
            email=""
        )
        field: Any = self.fields["contact"]
        field.queryset = people.order_by("-is_primary", "id")
        field.label_from_instance = lambda contact: f"{contact.name} <{contact.email}>"


class LookForm(Form):
    """Why somebody on the staff looks at the portal as the customer."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="Stands in the customer's audit trail with your name.",
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
