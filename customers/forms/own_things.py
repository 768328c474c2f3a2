"""What customers fill in about themselves in the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import EmailField, PhoneField
from customers.models import Contact, Purpose
from customers.selectors.own_things import Choice
from herotill.forms import Form, ModelForm

# What each purpose means to whoever ticks it.
PURPOSES = (
    (Purpose.INVOICES, _("Invoices and receipts")),
    (Purpose.STATEMENTS, _("Statements")),
    (Purpose.DEBT, _("Reminders and suspension notices")),
    (Purpose.USAGE, _("Data usage notices")),
    (Purpose.TICKETS, _("Answers to support tickets")),
    (Purpose.SALES, _("Quotes and appointments")),
    (Purpose.OUTAGES, _("Outages and maintenance")),
    (Purpose.PORTAL, _("Logging in to this portal")),
)


def purposes_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=PURPOSES,
        required=False,
        label=_("What we send to this person"),
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )


class OwnContactForm(ModelForm):
    """Another person at the customer, and what is sent to them."""

    email = EmailField(required=False, label=_("Email"))
    phone = PhoneField(required=False, label=_("Cell number"))
    other_phone = PhoneField(required=False, label=_("Other number"))
    purposes = purposes_field()

    class Meta:
        model = Contact
        fields = ["name", "position", "email", "phone", "other_phone", "purposes"]
        labels = {"name": _("Name"), "position": _("Role")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        reached = data.get("email") or data.get("phone")
        if set(data.get("purposes") or ()) - {Purpose.PORTAL} and not reached and "email" not in self.errors:
            self.add_error("email", _("Give an email or a cell number for messages to reach this person."))
        return data


class PurposesForm(Form):
    """What is sent to the main contact."""

    purposes = purposes_field()


class MarketingForm(Form):
    """Where offers and news may come."""

    wanted = forms.MultipleChoiceField(
        required=False,
        label=_("Send me offers and news at"),
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        initial = {"wanted": [one.key for one in choices if one.wanted]}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["wanted"].choices = [(one.key, one.words) for one in choices]  # type: ignore[attr-defined]


class ForgetForm(Form):
    """The wish to be forgotten, confirmed."""

    words = forms.CharField(
        required=False,
        max_length=500,
        label=_("Is there anything we should know?"),
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )
    sure = forms.BooleanField(
        label=_("I want you to delete what you know about me, as far as the law lets you."),
        error_messages={"required": _("Tick this to ask for it.")},
    )
