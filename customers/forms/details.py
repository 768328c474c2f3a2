"""The customer's own details, as Account Details edits them and the create dialog asks them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Manager
from django.http import QueryDict

from customers.models import Customer
from herotill.access import may
from herotill.forms import ModelForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

# A field that only people with this right may change; without it the field is absent.
FIELD_RIGHTS = {
    "id_number": "customers.change_id_numbers",
    "registration_number": "customers.change_id_numbers",
    "status": "customers.change_customer_status",
    "master": "customers.change_master",
    "is_reseller": "customers.change_master",
    "verified_on": "customers.verify_customer",
}

# A form shows what it changes, so these take the right to see as well.
SEEN_RIGHTS = dict.fromkeys(("id_number", "registration_number"), "customers.see_id_numbers")


class CodeChoiceField(forms.ModelChoiceField):
    """A customer chosen by code: no drop-down of a hundred thousand."""

    widget = forms.TextInput(
        attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "Account code"}
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Customer.objects.all(), to_field_name="code", **kwargs)
        self.error_messages["invalid_choice"] = "There is no customer with this code."

    def to_python(self, value: Any) -> Customer | None:
        text = value.strip().upper() if isinstance(value, str) else value
        found: Customer | None = super().to_python(text)
        return found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return Customer.objects.filter(pk=value).values_list("code", flat=True).first() or ""
        return super().prepare_value(value)


class CustomerForm(ModelForm):
    """A customer's own fields, without those for which the person lacks the right."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELD_RIGHTS.keys() & self.fields.keys():
            if not self._may_change(name, user):
                del self.fields[name]
        for name in ("group", "billing_group", "highsite", "categories", "labels"):
            self._offer(name)

    def _may_change(self, name: str, user: Any) -> bool:
        seen = SEEN_RIGHTS.get(name, "") if self.instance.pk else ""
        return may(user, FIELD_RIGHTS[name]) and may(user, seen)

    def _offer(self, name: str) -> None:
        """Offer what is not retired, and what the customer has already."""
        field: Any = self.fields[name]
        every = field.queryset
        current = getattr(self.instance, name) if self.instance.pk else None
        held = list(current.all()) if isinstance(current, Manager) else [current] if current else []
        field.queryset = every.filter(retired=False) | every.filter(pk__in=[one.pk for one in held])
        if getattr(field, "empty_label", None) and not field.required:
            field.empty_label = "None"


class DetailsForm(CustomerForm):
    """What Account Details can change."""

    master = CodeChoiceField(
        required=False,
        label="Sub-account of",
        help_text="The account code of the master customer, if there is one.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

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
            "categories",
            "labels",
            "status",
            "prepaid",
            "highsite",
            "customer_since",
            "verified_on",
            "master",
            "is_reseller",
        ]
        widgets = {
            "customer_since": DAY,
            "verified_on": DAY,
            "categories": forms.CheckboxSelectMultiple(),
            "labels": forms.CheckboxSelectMultiple(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Customer.Kind.COMPANY:
            if not data.get("company_name"):
                self.add_error("company_name", "A company needs its name.")
        elif not data.get("first_names") and not data.get("surname"):
            self.add_error("first_names", "An individual needs a name.")
        self._check_version(data)
        return data

    def _check_version(self, data: dict[str, Any]) -> None:
        """Somebody else may have saved while this form was open: say so once, and keep what was typed."""
        current = Customer.objects.filter(pk=self.instance.pk).values_list("version", flat=True).first()
        if current is None or data.get("version") in (None, current):
            return
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("version")] = str(current)
        self.data = typed
        self.add_error(
            None,
            "Somebody else changed this customer while you were typing. Look at the card, then save again.",
        )
