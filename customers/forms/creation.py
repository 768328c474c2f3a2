"""The create dialog: details, addresses, portal log-in, and the tabs that other apps add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from customers.creating import Beginning
from customers.forms.details import DAY, CodeChoiceField, CustomerForm
from customers.forms.fields import EmailField, EmailsField, PhoneField
from customers.models import Address, Customer
from customers.policies import codes
from customers.selectors import duplicates
from customers.services.customers import NewAddress, NewContact, NewCustomer
from herotill.access import may
from herotill.forms import Form


class NewCustomerForm(CustomerForm):
    """Who the customer is. What is compulsory depends on the type."""

    contact_name = forms.CharField(
        max_length=200, required=False, label="Contact name", help_text="Whom to ask for at the company."
    )
    contact_position = forms.CharField(max_length=100, required=False, label="Contact's role")
    contact_phone = PhoneField(label="Contact tel")
    contact_email = EmailField(label="Contact email")
    other_phone = PhoneField(required=False, label="Other number")
    other_emails = EmailsField(required=False, label="Further emails", help_text="With commas between them.")
    code = forms.CharField(
        max_length=12,
        label="Account code",
        help_text="Made from the name. Once given it never changes.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    known_twice = forms.BooleanField(required=False, label="This is another customer; add it all the same")
    master = CodeChoiceField(required=False, label="Sub-account of", help_text="The master's account code.")
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2, "wide": True})
    )
    welcome = forms.BooleanField(
        required=False,
        initial=True,
        label="Send the welcome email",
        help_text="To the contact's email, with the link to choose a password.",
    )

    class Meta:
        model = Customer
        fields = [
            "kind",
            "company_name",
            "first_names",
            "surname",
            "id_number",
            "registration_number",
            "vat_number",
            "group",
            "billing_group",
            "payment_method",
            "prepaid",
            "highsite",
            "customer_since",
            "categories",
            "labels",
            "master",
            "is_reseller",
        ]
        widgets = {
            "kind": forms.RadioSelect(),
            "customer_since": DAY,
            "categories": forms.CheckboxSelectMultiple(),
            "labels": forms.CheckboxSelectMultiple(),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.finds_by_id = may(user, "customers.see_id_numbers")  # to hear that one is known is to see it
        self.fields["group"].initial = self.fields["group"].queryset.filter(is_default=True).first()  # type: ignore[attr-defined]
        self.fields["group"].empty_label = None  # type: ignore[attr-defined]
        if not may(user, "customers.manage_portal_login"):
            del self.fields["welcome"]
        for name in ("company_name", "contact_name", "first_names"):
            self.fields[name].must = True  # type: ignore[attr-defined] # for one type of customer each
        self.likenesses: list[Customer] = []

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].replace(" ", "").upper()
        if not codes.is_code(code):
            raise forms.ValidationError("A code has 3 to 12 letters A-Z and digits.")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_names(data)
        if not self.errors:
            self.likenesses = duplicates.of(
                email=data["contact_email"],
                phone=data["contact_phone"],
                id_number=data.get("id_number", "") if self.finds_by_id else "",
            )
            if self.likenesses and not data["known_twice"]:
                names = ", ".join(str(one) for one in self.likenesses)
                self.add_error("known_twice", f"The same email, number or ID is known already: {names}.")
        return data

    def _clean_names(self, data: dict[str, Any]) -> None:
        if data.get("kind") == Customer.Kind.COMPANY:
            data["first_names"] = data["surname"] = ""
            self._need("company_name", "A company needs its name.")
            self._need("contact_name", "Give the name of a contact at the company.")
        elif data.get("kind"):
            data["company_name"] = ""
            if not data.get("surname"):
                self._need("first_names", "Give the contact's name.")
            if not data.get("contact_name"):
                data["contact_name"] = f"{data.get('first_names', '')} {data.get('surname', '')}".strip()

    def _need(self, name: str, text: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, text)


class NewAddressForm(Form):
    """One address of the new customer; all of it may be empty."""

    lines = forms.CharField(
        required=False,
        label="Street or box",
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
        max_length=1000,
    )
    suburb = forms.CharField(required=False, max_length=100)
    town = forms.CharField(required=False, max_length=100)
    postal_code = forms.CharField(required=False, max_length=20)
    directions = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
        help_text="Gate, dogs, how to find it.",
    )

    def address(self, kind: str) -> NewAddress:
        return NewAddress(kind=kind, **self.cleaned_data)


def _parts(beginning: Beginning | None) -> tuple[Mapping[str, Any], ...]:
    if beginning is None:
        return {}, {}, {}, {}
    return beginning.details, beginning.physical, beginning.postal, beginning.elsewhere


def _tell(form: forms.BaseForm, elsewhere: Mapping[str, str]) -> None:
    """Say below the fields what another source says of them."""
    for name, field in form.fields.items():
        if said := elsewhere.get(form.add_prefix(name)):
            field.help_text = f"{field.help_text} {said}".strip()


class CreateForms:
    """The dialog's forms together."""

    def __init__(self, *, user: Any, data: Any = None, beginning: Beginning | None = None) -> None:
        details, physical, postal, elsewhere = _parts(beginning)
        self.details = NewCustomerForm(data, user=user, initial=details)
        self.physical = NewAddressForm(data, prefix="physical", initial=physical)
        self.postal = NewAddressForm(data, prefix="postal", initial=postal)
        self.postal.fields.pop("directions")
        for form in (self.details, self.physical, self.postal):
            _tell(form, elsewhere)

    def is_valid(self) -> bool:
        return all([self.details.is_valid(), self.physical.is_valid(), self.postal.is_valid()])

    def new(self) -> NewCustomer:
        """What the services create. Call it on valid forms only."""
        data = dict(self.details.cleaned_data)
        contact = NewContact(
            name=data.pop("contact_name"),
            position=data.pop("contact_position"),
            email=data.pop("contact_email"),
            phone=data.pop("contact_phone"),
            other_phone=data.pop("other_phone"),
            other_emails=data.pop("other_emails"),
        )
        code, note = data.pop("code"), data.pop("note")
        categories, labels = data.pop("categories"), data.pop("labels")
        welcome = data.pop("welcome", False)
        for name in ("proposed", "known_twice"):
            data.pop(name)
        return NewCustomer(
            code=code,
            fields=data,
            contact=contact,
            addresses=(
                self.physical.address(Address.Kind.PHYSICAL),
                self.postal.address(Address.Kind.POSTAL),
            ),
            category_ids=[one.pk for one in categories],
            label_ids=[one.pk for one in labels],
            note=note,
            welcome=welcome,
        )
