"""What staff type when they enter a request on a customer's behalf, and when they decide on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from billing.models import PayerBank
from customers.forms.fields import EmailField, PhoneField
from customers.models import Customer
from herotill.forms import Form
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.policies.change_fields import WantedField
from workflow.selectors import change_requests as reading

FIGURES = {"inputmode": "numeric", "autocomplete": "off"}


def field_of(field: WantedField) -> forms.Field:
    """A form field for something that can be asked for. Whether it is needed, the services say."""
    given: dict[str, Any] = {"required": False, "label": field.full_label}
    if field.choices is not None:
        return forms.ChoiceField(choices=[("", "Choose"), *field.choices.items()], **given)
    if field.reads == "email":
        return EmailField(**given)
    if field.reads == "phone":
        return PhoneField(**given)
    if field.reads == "lines":
        area = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(max_length=field.longest, widget=area, **given)
    attrs = FIGURES if field.reads in ("day", "branch") else {}
    return forms.CharField(max_length=field.longest, widget=forms.TextInput(attrs=attrs), **given)


class AskForm(Form):
    """What a customer wants changed: the fields of one kind as they stand, to be typed over."""

    kind = ""
    words = forms.CharField(
        max_length=500,
        required=False,
        label="In their words",
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
    )
    document = forms.CharField(
        max_length=300,
        label="Shown by",
        help_text="What shows that the customer wants this: a letter of 21 November, a call from their number.",
        widget=forms.TextInput(attrs={"wide": True}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        self.wanted = change_fields.fields(self.kind, customer.kind)
        self.stands = reading.current(customer, self.kind)
        super().__init__(*args, **kwargs)
        asked = {one.name: self.make(one) for one in self.wanted}
        self.fields = asked | self.fields
        self.initial = {one.name: self.begins(one) for one in self.wanted}

    def make(self, field: WantedField) -> forms.Field:
        return field_of(field)

    def begins(self, field: WantedField) -> str:
        return self.stands.get(field.name, "")

    @staticmethod
    def asked(kind: str, customer: Customer, data: Mapping[str, Any]) -> dict[str, str]:
        """What was typed, by the names that the services know."""
        names = [one.name for one in change_fields.fields(kind, customer.kind)]
        return {name: str(data[name] or "") for name in names if name in data}


class DetailsForm(AskForm):
    """Names, contact, addresses and VAT number."""

    kind = ChangeRequest.Kind.DETAILS


class ConversionForm(AskForm):
    """An individual who becomes a company, or the other way round: what the other type has."""

    kind = ChangeRequest.Kind.CONVERSION

    def __init__(self, *args: Any, customer: Customer, sees_numbers: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        self.wanted = tuple(one for one in self.wanted if one.name != "kind")
        del self.fields["kind"]
        self.sees_numbers = sees_numbers
        if not sees_numbers:
            for name in ("id_number", "registration_number"):
                if name in self.fields:
                    self.initial[name] = ""


class PaymentForm(AskForm):
    """How the customer wants to pay; for a debit order from which account."""

    kind = ChangeRequest.Kind.PAYMENT
    number = forms.CharField(
        max_length=30, required=False, label="Account number", widget=forms.TextInput(attrs=FIGURES)
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        fields = self.fields
        number = fields.pop("number")
        rest = {name: fields.pop(name) for name in ("words", "document")}
        self.fields = fields | {"number": number} | rest
        fields["debit_day"].help_text = "This and what follows: only for a debit order."
        for name in ("branch_name", "branch_code"):
            fields[name].help_text = "Empty: the bank's own."
        if kept := self.stands["number"]:
            number.help_text = f"Kept: {kept}. Leave it empty to keep it."

    def make(self, field: WantedField) -> forms.Field:
        if field.name != "bank":
            return field_of(field)
        kept = self.stands["bank"] or "0"
        banks = PayerBank.objects.filter(retired=False) | PayerBank.objects.filter(pk=kept)
        choices = [("", "Choose"), *((str(one.pk), one.name) for one in banks)]
        return forms.ChoiceField(choices=choices, required=False, label=field.label)


class DecideForm(Form):
    """A decision about exactly what was shown."""

    why = forms.CharField(
        max_length=500,
        required=False,
        label="Reason",
        help_text="Needed to reject; the customer reads it.",
        widget=forms.TextInput(attrs={"wide": True}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=500, widget=forms.HiddenInput)


class WithdrawForm(Form):
    """Why a request is taken back."""

    why = forms.CharField(
        max_length=500, required=False, label="Why", widget=forms.TextInput(attrs={"wide": True})
    )
