"""What customers ask to be changed in the portal: the forms of the desk, in their words and without its proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy

from customers.models import Customer
from workflow.forms.change_requests import AskForm, ConversionForm, DetailsForm, PaymentForm
from workflow.models import ChangeRequest
from workflow.policies import change_fields

FILLED = {
    "company_name": "organization",
    "first_names": "given-name",
    "surname": "family-name",
    "email": "email",
    "phone": "tel",
    "physical_lines": "street-address",
    "physical_town": "address-level2",
    "physical_postal_code": "postal-code",
}


class _AtPortal(AskForm):
    """Without what staff need to show, with words of its own, in sections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["document"]
        for name, field in self.fields.items():
            field.label, field.help_text = gettext(str(field.label)), gettext(str(field.help_text))
            if name in FILLED:
                field.widget.attrs["autocomplete"] = FILLED[name]
        self.fields["words"].label = gettext("Is there anything we should know?")

    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields under the headings they stand under; what has none stands first."""
        found: dict[str, list[BoundField]] = {}
        for one in self.wanted:
            if one.name in self.fields:
                self.fields[one.name].label = gettext(one.label)
                found.setdefault(one.section, []).append(self[one.name])
        if "number" in self.fields:
            found["Account"].append(self["number"])
        for title, fields in found.items():
            yield gettext(title) if title else "", fields


class PortalDetailsForm(_AtPortal, DetailsForm):
    """Names, contact, addresses and VAT number."""


class PortalPaymentForm(_AtPortal, PaymentForm):
    """How they want to pay; for a debit order from which account."""

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        method: Any = self.fields["method"]
        choices = [(value, gettext(label)) for value, label in change_fields.METHODS.items()]
        self.fields["method"] = forms.ChoiceField(
            choices=choices, label=method.label, widget=forms.RadioSelect, required=False
        )
        self.fields["debit_day"].help_text = gettext("The day of the month, 1 to 31.")


class PortalConversionForm(_AtPortal, ConversionForm):
    """An individual who becomes a company, or the other way round. Numbers that we know are not shown again."""


FORMS: dict[str, type[_AtPortal]] = {
    ChangeRequest.Kind.DETAILS: PortalDetailsForm,
    ChangeRequest.Kind.PAYMENT: PortalPaymentForm,
    ChangeRequest.Kind.CONVERSION: PortalConversionForm,
}
TITLES = {
    ChangeRequest.Kind.DETAILS: gettext_lazy("Change your details"),
    ChangeRequest.Kind.PAYMENT: gettext_lazy("Change how you pay"),
}
TO_COMPANY, TO_INDIVIDUAL = gettext_lazy("Change to a company"), gettext_lazy("Change to an individual")


def title(kind: str, customer: Customer) -> str:
    """What asking for changes of this kind is called."""
    if kind == ChangeRequest.Kind.CONVERSION:
        return str(TO_INDIVIDUAL if customer.is_company else TO_COMPANY)
    return str(TITLES[ChangeRequest.Kind(kind)])
