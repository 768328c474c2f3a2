"""What the pages of services in the portal ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import EmailField, PhoneField
from dataaccounts.models import DataAccount, UsageNotice
from dataaccounts.selectors.choosing import Choice
from herotill.forms import Form, ModelForm


class NoticesForm(ModelForm):
    """When they are told how much of an account's data is used, and where."""

    email = EmailField(required=False, label=_("Email to"))
    sms = PhoneField(
        required=False,
        label=_("SMS to"),
        help_text=_("Leave both empty to tell your contacts for usage notices."),
    )

    class Meta:
        model = UsageNotice
        fields = ("at_50", "at_75", "at_90", "at_100", "email", "sms")
        labels = {
            "at_50": _("When half of it is used"),
            "at_75": _("When 75 % is used"),
            "at_90": _("When 90 % is used"),
            "at_100": _("When all of it is used"),
        }


class RevealForm(Form):
    """A press of one of the buttons."""

    SHOW, RENEW = "show", "renew"
    deed = forms.ChoiceField(choices=[(SHOW, SHOW), (RENEW, RENEW)], widget=forms.HiddenInput)

    def __init__(self, *args: Any, renews: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renews = renews
        if not renews:
            self.fields["deed"].choices = [(self.SHOW, self.SHOW)]  # type: ignore[attr-defined]


class ChangeForm(Form):
    """The package that is wanted and from when; `price` is what was shown, when it is confirmed."""

    package = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label=_("Package"))
    day = forms.ChoiceField(widget=forms.RadioSelect, label=_("From when"))
    price = forms.DecimalField(max_digits=12, decimal_places=2, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, choices: Sequence[Choice], days: Sequence[tuple[date, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices, self.days = {one.package.pk: one for one in choices}, days
        offered = [(one.package.pk, one.package.name) for one in choices]
        self.fields["package"].choices = offered  # type: ignore[attr-defined]
        self.fields["day"].choices = [(f"{day}", label) for day, label in days]  # type: ignore[attr-defined]
        self.fields["day"].initial = str(days[0][0])

    @property
    def chosen(self) -> Choice:
        """The package that is wanted."""
        return self.choices[self.cleaned_data["package"]]

    @property
    def wanted_from(self) -> date:
        return date.fromisoformat(self.cleaned_data["day"])

    @property
    def shown(self) -> Decimal:
        """The price that was shown; a form that was not confirmed shows none."""
        return self.cleaned_data.get("price") or Decimal(-1)


class VoucherForm(Form):
    """A voucher's code, and the prepaid service that gets what it holds."""

    account: forms.ModelChoiceField = forms.ModelChoiceField(
        DataAccount.objects.none(), empty_label=None, label=_("Service")
    )
    code = forms.CharField(
        max_length=30,
        label=_("Voucher code"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def __init__(self, *args: Any, accounts: Sequence[DataAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [account.pk for account in accounts]
        self.fields["account"].queryset = DataAccount.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
