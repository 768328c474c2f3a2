"""What toppings and usage notices ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from customers.forms.fields import EmailField, PhoneField
from dataaccounts.forms.fields import DataField
from dataaccounts.models import DataAccount, Package, ToppingOffer, UsageNotice, VoucherBatch
from dataaccounts.policies.measures import octets_in_words
from herotill.forms import DayField, Form, ModelForm, token_field
from herotill.tables.forms import TableForm


def _offered(offer: ToppingOffer) -> str:
    parts = [
        octets_in_words(offer.octets) if offer.octets else "",
        f"{offer.days} days" if offer.days else "",
    ]
    return f"{offer.name} ({', '.join(part for part in parts if part)})"


class _OfAnAccount(Form):
    account = forms.ModelChoiceField(DataAccount.objects.none(), empty_label=None)

    def __init__(self, *args: Any, accounts: Sequence[DataAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [account.pk for account in accounts]
        self.fields["account"].queryset = DataAccount.objects.filter(pk__in=ids)  # type: ignore[attr-defined]


class ToppingForm(_OfAnAccount):
    """A topping or bundle that the next invoice charges."""

    token = token_field()
    offer = forms.ModelChoiceField(
        ToppingOffer.objects.filter(retired=False), label="Topping or bundle", empty_label="Choose"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].label_from_instance = _offered  # type: ignore[attr-defined]


class FreeDataForm(_OfAnAccount):
    """Data given free, until the month ends."""

    token = token_field()
    octets = DataField(label="Data")
    reason = forms.CharField(max_length=200, help_text="It stays on record.")


class OfferForm(TableForm):
    """A topping or a prepaid bundle that we sell."""

    octets = DataField(required=False, label="Data", help_text="In GB. A bundle may be of days alone.")

    class Meta:
        model = ToppingOffer
        fields = ["name", "kind", "product", "octets", "days"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "octets" in self.errors or "days" in self.errors:
            return data
        if data.get("kind") == ToppingOffer.Kind.TOPPING:
            if not data.get("octets"):
                self.add_error("octets", "A topping needs data.")
            if data.get("days"):
                self.add_error("days", "A topping counts until the month ends; days are for bundles.")
        elif not data.get("octets") and not data.get("days"):
            self.add_error("octets", "A bundle gives data, days or both.")
        return data


class NoticeForm(ModelForm):
    """When an account's people are told how much is used, and who they are."""

    email = EmailField(
        required=False,
        label="Email to",
        help_text="Apart from the contacts: whoever changes those changes this too.",
    )
    sms = PhoneField(required=False, label="SMS to", help_text="Empty both: the contacts for usage notices.")

    class Meta:
        model = UsageNotice
        fields = ["at_50", "at_75", "at_90", "at_100", "email", "sms"]


class BatchForm(ModelForm):
    """Vouchers to be made."""

    expires_on = DayField(label="Redeemed until")

    class Meta:
        model = VoucherBatch
        fields = ["name", "package", "offer", "count", "expires_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["package"].queryset = Package.objects.filter(retired=False, staff=False)
        fields["package"].help_text = "The prepaid package of the accounts that redeem them."
        fields["offer"].queryset = ToppingOffer.objects.filter(retired=False, kind=ToppingOffer.Kind.BUNDLE)
        fields["offer"].label = "Bundle"
        fields["offer"].label_from_instance = _offered
        fields["count"].label = "How many"


class RedeemForm(_OfAnAccount):
    """A voucher for one of a customer's prepaid accounts."""

    code = forms.CharField(max_length=30, label="Voucher code")
