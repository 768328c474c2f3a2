"""What the card Data accounts asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from customers.models import Customer
from dataaccounts.forms.fields import LastDayField
from dataaccounts.models import DataAccount, IdentityCheck, Package, Sector
from dataaccounts.policies import usernames
from dataaccounts.policies.words import terms
from herotill.forms import AmountField, DayField, Form
from herotill.reference.models import Highsite

MOST = Decimal(9_999_999)
PASSWORD = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


def described(package: Package) -> str:
    """A package as a choice says it."""
    return f"{package.name} {terms(package.down_kbit, package.up_kbit, package.allowance)}"


def place(sector: Sector) -> str:
    """A sector as a choice says it."""
    return f"{sector.highsite} · {sector.name}"


def packages(*, staff: bool) -> QuerySet[Package]:
    """The packages that may be given; those for staff only by who may give them."""
    offered = Package.objects.filter(retired=False)
    return offered if staff else offered.filter(staff=False)


class UsernameField(forms.CharField):
    """A user name, in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        kwargs.setdefault("help_text", "Small letters, figures and . _ @ -, as the router sends it.")
        super().__init__(
            max_length=usernames.LONGEST,
            label="User name",
            widget=forms.TextInput(attrs=attrs),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return usernames.tidy(super().to_python(value) or "")


class _Place(Form):
    """Where an account is: one of the customer's addresses, a highsite, a sector of it."""

    address: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False, empty_label="Not said")
    highsite = forms.ModelChoiceField(
        Highsite.objects.filter(retired=False), required=False, empty_label="Not said"
    )
    sector = forms.ModelChoiceField(
        Sector.objects.filter(retired=False).select_related("highsite"),
        required=False,
        empty_label="Not said",
    )
    static_ip = forms.GenericIPAddressField(
        required=False, label="Fixed IP address", help_text="Empty: one of the package's pool."
    )
    text = forms.CharField(required=False, max_length=200, label="Note")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].queryset = customer.addresses.all()  # type: ignore[attr-defined]
        self.fields["sector"].label_from_instance = place  # type: ignore[attr-defined]

    def clean_static_ip(self) -> str | None:
        return self.cleaned_data["static_ip"] or None


class AddForm(_Place):
    """A new account; with a price of its own only for who may give one."""

    username = UsernameField()
    package: forms.ModelChoiceField = forms.ModelChoiceField(None, empty_label="Choose")
    starts_on = DayField(label="First day", help_text="Billed from this day, or from when it is activated.")
    activate = forms.BooleanField(
        required=False, label="Activate now", help_text="Takes the identity and the address to be checked."
    )
    price = AmountField(
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        label="Custom price",
        help_text="A month. Empty: the customer's price list.",
    )
    prepaid = forms.BooleanField(
        required=False, label="Prepaid", help_text="Bundles pay for it; it is not billed every month."
    )
    password = forms.CharField(
        required=False, max_length=64, widget=PASSWORD, help_text="Empty: one is made.", strip=False
    )
    field_order = ("username", "package", "starts_on", "activate", "price", "prepaid", "password", "address")

    def __init__(
        self,
        *args: Any,
        proposed: str,
        today: date,
        checked: bool,
        priced: bool,
        staff: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["package"].queryset = packages(staff=staff)  # type: ignore[attr-defined]
        if not priced:
            del self.fields["price"]
        self.fields["username"].initial = proposed
        self.fields["starts_on"].initial = today
        self.fields["activate"].initial = checked
        self.fields["highsite"].initial = kwargs["customer"].highsite_id
        self.fields["package"].label_from_instance = described  # type: ignore[attr-defined]


class EditForm(_Place):
    """What of an account may change without a day. Moving the last prepaid day gives service: who `gives` may."""

    username = UsernameField(help_text="Stays once it was used.")
    expires_at = LastDayField(required=False, label="Last day of prepaid service")
    field_order = ("username", "address")
    NAMES = ("username", "expires_at", "address", "highsite", "sector", "static_ip", "text")

    def __init__(self, *args: Any, account: DataAccount, gives: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(account, name) for name in self.NAMES}
        super().__init__(*args, **kwargs)
        if not (account.prepaid and gives):
            del self.fields["expires_at"]


class SomeForm(Form):
    """Some of a customer's accounts, or all. `choices` say of each what would happen to it."""

    accounts = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple(attrs={"wide": True})
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accounts"].choices = choices  # type: ignore[attr-defined]
        self.fields["accounts"].initial = [pk for pk, _ in choices]
        if not choices:
            self.fields["accounts"].help_text = "There is none to choose."


class ReasonedForm(SomeForm):
    """Some accounts, and why."""

    reason = forms.CharField(max_length=200)


class CancelForm(SomeForm):
    """Some accounts, their last day, and why."""

    last_day = DayField(
        label="Last day", help_text="Service and billing end with it. Today or before: at once."
    )
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today
        self.fields["accounts"].initial = []


class PasswordForm(Form):
    """Another password."""

    password = forms.CharField(
        required=False,
        max_length=64,
        widget=PASSWORD,
        label="New password",
        help_text="Empty: one is made. The router has to be given it too.",
        strip=False,
    )


class RevealForm(Form):
    """Why somebody needs to read a password."""

    reason = forms.CharField(max_length=200, help_text="It is kept with your name.")


class PriceForm(Form):
    """A price of an account's own, from a day on, or the price list's again."""

    amount = AmountField(
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        label="Price a month",
        help_text="Empty: the customer's price list again.",
    )
    starts_on = DayField(label="From", help_text="A day after what is billed already.")
    agreed = forms.BooleanField(
        required=False,
        label="The customer agreed",
        help_text="Otherwise a rise counts only after its notice.",
    )

    def __init__(self, *args: Any, current: Decimal | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = current
        self.fields["starts_on"].initial = today


class CheckForm(Form):
    """That somebody checked a customer's identity or address."""

    kind = forms.ChoiceField(choices=IdentityCheck.Kind.choices, label="What was checked")
    document = forms.CharField(
        max_length=100, label="Document seen", help_text="Such as ID card, or municipal account of July 2018."
    )
    checked_on = DayField(label="Checked on")
    attachment: forms.ModelChoiceField = forms.ModelChoiceField(
        None, required=False, empty_label="None kept here"
    )

    def __init__(
        self, *args: Any, customer: Customer, today: date, done: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].initial = today
        self.fields["attachment"].queryset = customer.attachments.all()  # type: ignore[attr-defined]
        lacking = [kind for kind in IdentityCheck.Kind.values if kind not in done]
        self.fields["kind"].initial = lacking[0] if lacking else None
